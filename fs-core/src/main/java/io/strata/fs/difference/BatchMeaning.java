package io.strata.fs.difference;

import io.strata.fs.difference.PathChange.Kind;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What it means for paths that inodes differ: what each inode's names and records are in both states
 * decides. For one use.
 *
 * @param before where files are in the earlier state
 * @param after where files are in the later one
 */
record BatchMeaning(Places before, Places after) {
  /** An inode in both states; it is null where it has no name. */
  private record Pair(TouchedInode inode, @Nullable Inode before, @Nullable Inode after) {}

  /** What is to be told once the places are known; paths are not, yet. */
  private record Told(
      Kind kind,
      @Nullable Place was,
      @Nullable Place is,
      Pair pair,
      Set<PathChange.Aspect> aspects) {}

  /** All changes, in the order of their paths. */
  List<PathChange> of(Collection<TouchedInode> inodes) throws IOException {
    List<Told> all = new ArrayList<>();
    for (TouchedInode each : inodes) {
      Pair pair =
          new Pair(
              each,
              named(each.inode ? decode(each.before) : before.inode(each.ino)),
              named(each.inode ? decode(each.after) : after.inode(each.ino)));
      if (pair.before() != null && pair.after() != null) {
        stayed(pair, pair.before(), pair.after(), all);
      } else if (pair.after() != null) {
        came(pair, pair.after(), all);
      } else if (pair.before() != null) {
        went(pair, pair.before(), all);
      }
    }
    findPlaces(all);
    List<PathChange> changes = new ArrayList<>(all.size());
    for (Told each : all) {
      changes.add(change(each));
    }
    changes.sort(Comparator.comparing(PathChange::path).thenComparing(PathChange::kind));
    return changes;
  }

  private static @Nullable Inode decode(byte @Nullable [] value) throws IOException {
    return value == null ? null : Inode.decode(value);
  }

  /** An inode without a name is no file to anybody but who has it open. */
  private static @Nullable Inode named(@Nullable Inode inode) {
    return inode == null || inode.links() == 0 ? null : inode;
  }

  private void came(Pair pair, Inode now, List<Told> all) throws IOException {
    Place first = null;
    for (NameChange name : pair.inode().gained) {
      Inode replaced = replaced(now, name.other());
      if (replaced != null) {
        Set<PathChange.Aspect> aspects = Aspects.ofReplaced(replaced, now);
        Pair both = new Pair(pair.inode(), replaced, now);
        all.add(new Told(Kind.CHANGED, null, name.place(), both, aspects));
      } else if (first == null) {
        all.add(new Told(Kind.ADDED, null, name.place(), pair, Set.of()));
      } else {
        all.add(new Told(Kind.LINKED, null, name.place(), pair, Set.of()));
      }
      first = first == null ? name.place() : first;
    }
  }

  /** The file that a new one has taken the place of, if it is of the same kind and gone for good. */
  private @Nullable Inode replaced(Inode now, @Nullable Ino other) throws IOException {
    if (other == null || now.type() == FileType.DIRECTORY) {
      return null;
    }
    Inode former = named(before.inode(other));
    return former != null && former.type() == now.type() && named(after.inode(other)) == null
        ? former
        : null;
  }

  private void went(Pair pair, Inode then, List<Told> all) throws IOException {
    boolean told = false;
    for (NameChange name : pair.inode().lost) {
      if (!isReplaced(then, name.other())) {
        Kind kind = told ? Kind.UNLINKED : Kind.REMOVED;
        all.add(new Told(kind, name.place(), null, pair, Set.of()));
        told = true;
      }
    }
  }

  /** Whether a new file has taken the place of one that is gone, and tells of it. */
  private boolean isReplaced(Inode then, @Nullable Ino other) throws IOException {
    if (other == null || then.type() == FileType.DIRECTORY) {
      return false;
    }
    Inode present = named(after.inode(other));
    return present != null && present.type() == then.type() && named(before.inode(other)) == null;
  }

  private static void stayed(Pair pair, Inode then, Inode now, List<Told> all) {
    TouchedInode inode = pair.inode();
    Set<PathChange.Aspect> aspects = Aspects.of(inode, then, now);
    int renamed = Math.min(inode.lost.size(), inode.gained.size());
    for (int i = 0; i < renamed; i++) {
      Place was = inode.lost.get(i).place();
      all.add(new Told(Kind.RENAMED, was, inode.gained.get(i).place(), pair, aspects));
      aspects = Set.of();
    }
    for (NameChange name : inode.gained.subList(renamed, inode.gained.size())) {
      all.add(new Told(Kind.LINKED, null, name.place(), pair, Set.of()));
    }
    for (NameChange name : inode.lost.subList(renamed, inode.lost.size())) {
      all.add(new Told(Kind.UNLINKED, name.place(), null, pair, Set.of()));
    }
    if (!aspects.isEmpty()) {
      Place is = inode.gained.isEmpty() ? null : inode.gained.getFirst().place();
      all.add(new Told(Kind.CHANGED, null, is, pair, aspects));
    }
  }

  private void findPlaces(List<Told> all) throws IOException {
    Set<Ino> then = new HashSet<>();
    Set<Ino> now = new HashSet<>();
    for (Told each : all) {
      if (each.was() != null) {
        then.add(each.was().parent());
      }
      if (each.is() != null) {
        now.add(each.is().parent());
      } else if (each.kind() == Kind.CHANGED) {
        now.add(each.pair().inode().ino);
      }
    }
    before.find(then);
    after.find(now);
  }

  private PathChange change(Told told) throws IOException {
    Pair pair = told.pair();
    Ino ino = pair.inode().ino;
    FilePath was = told.was() == null ? null : before.path(told.was());
    FilePath is = told.is() == null ? null : after.path(told.is());
    FilePath path = is != null ? is : was != null ? was : after.path(ino);
    return new PathChange(
        told.kind(),
        path,
        is == null ? null : was,
        ino,
        pair.before(),
        pair.after(),
        told.aspects());
  }
}
