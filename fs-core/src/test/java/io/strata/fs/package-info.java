/**
 * The rules of POSIX against an engine in memory ({@link io.strata.fs.TestEngine}), by example and
 * against a plain model ({@link io.strata.fs.ModelFileSystem}).
 */
@NullMarked
package io.strata.fs;

import org.jspecify.annotations.NullMarked;
