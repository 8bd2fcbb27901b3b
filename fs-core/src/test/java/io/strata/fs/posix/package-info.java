/**
 * The rules of POSIX against an engine in memory ({@link io.strata.fs.posix.TestEngine}), by example and
 * against a plain model ({@link io.strata.fs.posix.ModelFileSystem}).
 */
@NullMarked
package io.strata.fs.posix;

import org.jspecify.annotations.NullMarked;
