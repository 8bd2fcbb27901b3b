package io.strata.fs.locks;

import io.strata.fs.schema.Ino;

/** A file's locks of one kind. */
record LockName(Ino ino, LockKind kind) {}
