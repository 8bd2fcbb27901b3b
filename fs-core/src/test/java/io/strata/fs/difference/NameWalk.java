package io.strata.fs.difference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.difference.PathChange.Kind;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * All names of a volume, found by walking through it.
 *
 * @param names attributes by path
 * @param places paths by directory and name, as "5 name"
 */
record NameWalk(Map<String, Attributes> names, Map<String, String> places) {
  static NameWalk of(FileSystem files) throws FsException {
    NameWalk walk = new NameWalk(new TreeMap<>(), new HashMap<>());
    walk.walk(files, Ino.ROOT, "");
    return walk;
  }

  private void walk(FileSystem files, Ino directory, String path) throws FsException {
    List<String> entries = new ArrayList<>();
    long handle = files.openDirectory(Caller.ROOT, directory);
    files.readDirectory(
        Caller.ROOT,
        handle,
        0,
        false,
        (name, ino, type, cookie, attributes) -> entries.add(new String(name, UTF_8)));
    files.releaseDirectory(handle);
    entries.removeAll(List.of(".", ".."));
    for (String name : entries) {
      Attributes file = files.lookup(Caller.ROOT, directory, FileName.of(name));
      String below = path + "/" + name;
      names.put(below, file);
      places.put(directory + " " + name, below);
      if (isDirectory(file)) {
        walk(files, file.ino(), below);
      }
    }
  }

  /** Checks what was told of the way from {@code before} to here. */
  void requireDifference(NameWalk before, List<PathChange> told) {
    Set<String> here = new HashSet<>();
    Set<String> there = new HashSet<>();
    for (PathChange each : told) {
      String path = each.path().toString();
      boolean gone = each.kind() == Kind.REMOVED || each.kind() == Kind.UNLINKED;
      boolean replaced = each.aspects().contains(PathChange.Aspect.REPLACED);
      if (each.kind() != Kind.CHANGED || replaced) {
        assertThat((gone ? there : here).add(path)).as("%s told once", path).isTrue();
      }
      if (each.kind() == Kind.RENAMED) {
        assertThat(there.add(String.valueOf(each.other()))).isTrue();
      }
      requireKind(before, each);
      Attributes now = names.get(path);
      if (!gone) {
        assertThat(now).as(path).isNotNull();
        assertThat(Objects.requireNonNull(now).ino()).as(path).isEqualTo(each.ino());
      }
    }
    // Of a name that another file has now, the two may have been told of as one.
    Set<String> lost = without(before, this);
    Set<String> gained = without(this, before);
    assertThat(here).isEqualTo(gained);
    for (PathChange each : told) {
      if (each.aspects().contains(PathChange.Aspect.REPLACED)) {
        there.add(before.pathOfPlaceOf(this, each.path().toString()));
      }
    }
    assertThat(there).isEqualTo(lost);
    requireChanges(before, told);
  }

  /** The paths of names in one walk that the other has not, or has for another file. */
  private static Set<String> without(NameWalk one, NameWalk other) {
    Set<String> paths = new HashSet<>();
    one.places()
        .forEach(
            (place, path) -> {
              String there = other.places().get(place);
              Ino ino = Objects.requireNonNull(one.names().get(path)).ino();
              if (there == null
                  || !Objects.requireNonNull(other.names().get(there)).ino().equals(ino)) {
                paths.add(path);
              }
            });
    return paths;
  }

  /** The path here of the directory and name that have a path in another walk. */
  private String pathOfPlaceOf(NameWalk other, String path) {
    String place =
        other.places().entrySet().stream()
            .filter(each -> each.getValue().equals(path))
            .map(Map.Entry::getKey)
            .findAny()
            .orElseThrow();
    return Objects.requireNonNull(places.get(place), place);
  }

  private void requireKind(NameWalk before, PathChange change) {
    Set<Ino> then = inos(before);
    Set<Ino> now = inos(this);
    switch (change.kind()) {
      case ADDED -> assertThat(then).doesNotContain(change.ino());
      case REMOVED -> assertThat(now).doesNotContain(change.ino());
      case RENAMED -> {
        assertThat(then).contains(change.ino());
        assertThat(now).contains(change.ino());
      }
      case CHANGED, LINKED -> assertThat(now).contains(change.ino());
      case UNLINKED -> assertThat(then).contains(change.ino());
    }
  }

  private static Set<Ino> inos(NameWalk walk) {
    Set<Ino> inos = new HashSet<>();
    walk.names().values().forEach(each -> inos.add(each.ino()));
    return inos;
  }

  /** Every file that is in both and not the same has been told of with what differs. */
  private void requireChanges(NameWalk before, List<PathChange> told) {
    Map<Ino, Attributes> then = new HashMap<>();
    before.names().values().forEach(each -> then.put(each.ino(), each));
    for (Attributes now : names.values()) {
      Attributes old = then.get(now.ino());
      if (old == null) {
        continue;
      }
      boolean mode = now.mode() != old.mode();
      boolean modified = !isDirectory(now) && !now.modified().equals(old.modified());
      Set<PathChange.Aspect> aspects = new HashSet<>();
      told.stream()
          .filter(each -> each.ino().equals(now.ino()))
          .forEach(each -> aspects.addAll(each.aspects()));
      assertThat(aspects.contains(PathChange.Aspect.MODE)).isEqualTo(mode);
      if (!isDirectory(now)) {
        assertThat(aspects.contains(PathChange.Aspect.DATA)).isEqualTo(modified);
        assertThat(aspects.contains(PathChange.Aspect.SIZE)).isEqualTo(now.size() != old.size());
      }
    }
  }

  private static boolean isDirectory(Attributes file) {
    return FileType.ofMode(file.mode()) == FileType.DIRECTORY;
  }
}
