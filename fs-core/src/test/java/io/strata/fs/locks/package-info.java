/** Tests of locks: against plain models, and with many threads. */
@NullMarked
package io.strata.fs.locks;

import org.jspecify.annotations.NullMarked;
