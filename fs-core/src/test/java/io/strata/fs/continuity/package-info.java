/** Tests of what a volume remembers of its clients; whole restarts are tested with sessions over it. */
@NullMarked
package io.strata.fs.continuity;

import org.jspecify.annotations.NullMarked;
