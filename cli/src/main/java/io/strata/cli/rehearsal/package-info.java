/**
 * Work like that of a mounted volume, done once when the launcher makes its ahead-of-time cache: the
 * cache then knows which methods a mount runs most and how, and a new daemon compiles those first.
 * Start at {@link io.strata.cli.rehearsal.Rehearsal}.
 */
@NullMarked
package io.strata.cli.rehearsal;

import org.jspecify.annotations.NullMarked;
