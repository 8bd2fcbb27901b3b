/**
 * Files on this machine that let a guest survive its daemon. They are no part of a volume: without
 * them a guest has to mount anew, and nothing else is lost.
 */
@NullMarked
package io.strata.fs.state;

import org.jspecify.annotations.NullMarked;
