/**
 * The filesystem as its callers see it: inodes, names, handles and POSIX rules.
 *
 * <p>Start at {@link io.strata.fs.FileSystem}. What is stored, and how, is in {@code
 * io.strata.fs.schema}; opening, recovering and checkpointing a volume is in {@code
 * io.strata.fs.volume}.
 */
@NullMarked
package io.strata.fs;

import org.jspecify.annotations.NullMarked;
