package io.strata.fs.difference;

import io.strata.fs.schema.Ino;
import org.jspecify.annotations.Nullable;

/**
 * A name that an inode has in one state only.
 *
 * @param other the inode that has it in the other state, or null
 */
record NameChange(Place place, @Nullable Ino other) {}
