package io.strata.fs.posix;

import io.strata.fs.schema.Ino;

/**
 * An open directory.
 *
 * @param ino the directory
 * @param cookies the places in it that were handed out
 */
record DirectoryHandle(Ino ino, DirectoryCookies cookies) {}
