package io.strata.fs.difference;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Dentry;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.TreeKey;
import io.strata.fs.schema.TreeKeys;
import io.strata.fs.volume.StateTree;
import io.strata.fs.volume.VolumeException;
import io.strata.fs.volume.VolumeException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where files and directories are in one state.
 *
 * <p>An inode tells in which directory it is to be found, and that directory's entries tell under
 * which name. Each directory is read once for all that are looked for in it, so many are looked for
 * at a time.
 */
final class Places {
  private final StateTree tree;
  private final DifferenceProgress progress;
  private final Map<Ino, Place> known = new HashMap<>();

  Places(StateTree tree, DifferenceProgress progress) {
    this.tree = tree;
    this.progress = progress;
  }

  /** Takes an entry of a directory. */
  @FunctionalInterface
  private interface EntryVisitor {
    /** Returns whether to go on. */
    boolean visit(Place place, Ino child);
  }

  /** The inode in this state; null if there is none. */
  @Nullable Inode inode(Ino ino) throws IOException {
    byte[] value = tree.get(TreeKeys.inode(ino));
    return value == null ? null : Inode.decode(value);
  }

  /** Finds a place of each of these inodes, which have one, and of all directories above. */
  void find(Collection<Ino> wanted) throws IOException {
    Set<Ino> missing = new HashSet<>(wanted);
    while (!missing.isEmpty()) {
      missing.remove(Ino.ROOT);
      missing.removeAll(known.keySet());
      Set<Ino> above = new HashSet<>();
      Set<Ino> anywhere = lookWhereTheySay(missing, above);
      if (!anywhere.isEmpty()) {
        lookEverywhere(anywhere, above);
      }
      missing = above;
    }
  }

  /**
   * Looks into the directories that inodes say they are in.
   *
   * @param above gets the directories in which something was found
   * @return those that were not there, or do not tell
   */
  private Set<Ino> lookWhereTheySay(Set<Ino> wanted, Set<Ino> above) throws IOException {
    NavigableMap<Ino, Set<Ino>> byParent = new TreeMap<>();
    Set<Ino> left = new HashSet<>();
    for (Ino ino : wanted) {
      Inode inode = inode(ino);
      Ino parent = inode == null ? null : inode.parent();
      (parent == null ? left : byParent.computeIfAbsent(parent, key -> new HashSet<>())).add(ino);
    }
    for (Map.Entry<Ino, Set<Ino>> each : byParent.entrySet()) {
      Set<Ino> here = each.getValue();
      scan(TreeKeys.dentries(each.getKey()), take(here, above));
      left.addAll(here);
    }
    return left;
  }

  /** Looks into all directories. */
  private void lookEverywhere(Set<Ino> wanted, Set<Ino> above) throws IOException {
    scan(TreeKeys.inodes(), take(wanted, above));
    if (!wanted.isEmpty()) {
      throw damaged(
          "inode %s has no name in any directory".formatted(wanted.iterator().next()));
    }
  }

  private EntryVisitor take(Set<Ino> wanted, Set<Ino> above) {
    return (place, child) -> {
      if (wanted.remove(child)) {
        known.put(child, place);
        above.add(place.parent());
      }
      return !wanted.isEmpty();
    };
  }

  private void scan(TreeKeys.Range range, EntryVisitor visitor) throws IOException {
    List<MalformedRecord> malformed = new ArrayList<>();
    long[] entries = {0};
    tree.scan(
        range,
        (key, value) -> {
          progress.going(DifferenceProgress.Step.NAMING, ++entries[0]);
          try {
            return !(TreeKeys.decode(key) instanceof TreeKey.OfDentry(Ino parent, FileName name))
                || visitor.visit(new Place(parent, name), Dentry.decode(value).child());
          } catch (MalformedRecord e) {
            malformed.add(e);
            return false;
          }
        });
    if (!malformed.isEmpty()) {
      throw damaged(String.valueOf(malformed.getFirst().getMessage()));
    }
  }

  /** Where an inode is that was {@link #find found}. */
  Place of(Ino ino) throws IOException {
    Place place = known.get(ino);
    if (place == null) {
      throw damaged("inode %s has no name".formatted(ino));
    }
    return place;
  }

  /** The path of an inode that was {@link #find found}. */
  FilePath path(Ino ino) throws IOException {
    return ino.equals(Ino.ROOT) ? FilePath.ROOT : path(of(ino));
  }

  /** The path of a place whose directory was {@link #find found}. */
  FilePath path(Place place) throws IOException {
    Deque<FileName> names = new ArrayDeque<>();
    names.push(place.name());
    for (Ino at = place.parent(); !at.equals(Ino.ROOT); at = of(at).parent()) {
      if (names.size() > known.size() + 1) {
        throw damaged("directory %s is within itself".formatted(at));
      }
      names.push(of(at).name());
    }
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    for (FileName name : names) {
      path.write('/');
      path.writeBytes(name.toBytes());
    }
    return new FilePath(ByteString.of(path.toByteArray()));
  }

  private static VolumeException damaged(String what) {
    return new VolumeException(
        Reason.DAMAGED, what + ": run strata fsck to see what is affected");
  }
}
