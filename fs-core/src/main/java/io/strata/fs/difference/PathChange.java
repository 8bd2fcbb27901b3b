package io.strata.fs.difference;

import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something about a path that differs between two states.
 *
 * @param path in the later state; of what is {@link Kind#REMOVED} or {@link Kind#UNLINKED} in the
 *     earlier one
 * @param other of what was renamed, the path in the earlier state; otherwise null
 * @param ino the inode in the later state, or else in the earlier one
 * @param before the inode in the earlier state; null if it was not there
 * @param after the inode in the later state; null if it is not there
 * @param aspects what differs about the file itself; empty if it was not there in both states
 */
public record PathChange(
    Kind kind,
    FilePath path,
    @Nullable FilePath other,
    Ino ino,
    @Nullable Inode before,
    @Nullable Inode after,
    Set<Aspect> aspects) {

  /** What has happened to a path. */
  public enum Kind {
    /** There is a file that was not there. */
    ADDED,
    /** The file is not there any more. */
    REMOVED,
    /** The file was somewhere else. What is below a renamed directory is not told of for that. */
    RENAMED,
    /** The file was there and is there, and is not the same. */
    CHANGED,
    /** A file that has other names, too, has this one. */
    LINKED,
    /** A file that has or had other names does not have this one any more. */
    UNLINKED
  }

  /** What may differ about a file. */
  public enum Aspect {
    /**
     * Its bytes were written since. They may be the same bytes; and where something else about the
     * file differs, they may just have been moved by compaction.
     */
    DATA,
    /** Its length. */
    SIZE,
    /** Its permissions. */
    MODE,
    /** Its owner or group. */
    OWNER,
    /** The time when it was last modified; or the time of change alone. */
    TIMES,
    /** Its extended attributes, access lists among them. */
    XATTR,
    /** Where the symbolic link leads. */
    TARGET,
    /** Which device it is. */
    DEVICE,
    /** It is another file that has taken the first one's place, as editors do. */
    REPLACED
  }

  public PathChange {
    aspects =
        aspects.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(aspects));
  }

  /** The file, as it is, or as it was when it was last there. */
  public Inode file() {
    Inode file = after != null ? after : before;
    if (file == null) {
      throw new IllegalStateException("neither state has " + path);
    }
    return file;
  }
}
