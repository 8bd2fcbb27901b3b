/**
 * A guest that outlives the process which serves it: a real volume in a store in memory, sessions
 * over it, and kernels that keep their handles and unanswered requests from one to the next.
 */
@NullMarked
package io.strata.fuse.restart;

import org.jspecify.annotations.NullMarked;
