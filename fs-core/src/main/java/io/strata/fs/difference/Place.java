package io.strata.fs.difference;

import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;

/** Where a name is: in which directory, and what it is. */
record Place(Ino parent, FileName name) {}
