package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;


class DirectoryReadsTest {
  private TestVolume volume = new TestVolume(); // another for each try of a property

  /** What was read, name by name, with the cookie behind each. */
  private final Map<String, Long> cookies = new LinkedHashMap<>();

  @Example
  void entriesComeInOrderWithTheirInodes() throws FsException {
    Ino directory = volume.directory(Ino.ROOT, "d");
    Ino file = volume.file(directory, "b");
    Ino below = volume.directory(directory, "a");
    List<String> seen = new ArrayList<>();
    long handle = volume.files.openDirectory(USER, directory);
    volume.files.readDirectory(
        USER,
        handle,
        0,
        true,
        (name, ino, type, cookie, attributes) ->
            seen.add(
                "%s %s %s %s"
                    .formatted(
                        new String(name, StandardCharsets.UTF_8),
                        ino,
                        type,
                        attributes == null ? "-" : attributes.ino())));
    assertThat(seen)
        .containsExactly(
            ". " + directory + " DIRECTORY -",
            ".. 1 DIRECTORY -",
            "a " + below + " DIRECTORY " + below,
            "b " + file + " REGULAR " + file);
  }

  @Example
  void aReaderThatIsFullGoesOnWhereItStopped() throws FsException {
    files(0, 600);
    for (int room : new int[] {1, 2, 3, 7, 100}) {
      assertThat(readAll(volume.files.openDirectory(USER, Ino.ROOT), room)).hasSize(602);
    }
  }

  @Example
  void attributesNeedTheirPagesAllAtOnce() throws FsException {
    files(0, 60);
    volume.engine.goCold();
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    List<Ino> seen = new ArrayList<>();
    volume.files.readDirectory(
        USER,
        handle,
        0,
        true,
        (name, ino, type, cookie, attributes) -> {
          if (attributes != null) {
            assertThat(attributes.ino()).isEqualTo(ino);
            seen.add(ino);
          }
          return true;
        });
    assertThat(seen).hasSize(60);
    assertThat(volume.engine.backgroundTasks()).isGreaterThan(1);
    volume.check();
  }

  @Example
  void whatIsRemovedAndAddedMeanwhileDoesNotMoveTheRest() throws FsException {
    files(0, 1_200);
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    Set<String> seen = new HashSet<>();
    long cookie = 0;
    // As rm -r does it: what was listed is removed before the next is listed.
    while (true) {
      List<String> some = read(handle, cookie, 100);
      if (some.isEmpty()) {
        break;
      }
      for (String name : some) {
        assertThat(seen.add(name)).as(name).isTrue();
        if (name.length() > 2) {
          volume.files.unlink(USER, Ino.ROOT, name(name));
          volume.file(Ino.ROOT, "-" + name);
        }
      }
      cookie = cookies.getOrDefault(some.getLast(), 0L);
    }
    assertThat(seen).hasSize(1_202);
  }

  @Example
  void oldCookiesLeadWhereTheyDid() throws FsException {
    files(0, 2_600);
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    List<String> names = readAll(handle, 333);
    for (int i = 0; i < names.size(); i += 97) {
      long cookie = cookies.getOrDefault(names.get(i), 0L);
      List<String> expected = names.subList(i + 1, Math.min(names.size(), i + 11));
      assertThat(read(handle, cookie, 10)).as("after %s", names.get(i)).isEqualTo(expected);
    }
  }

  @Example
  void anOldCookieWhoseNameIsGoneSkipsNothing() throws FsException {
    files(0, 2_600);
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    List<String> names = readAll(handle, 333);
    volume.files.unlink(USER, Ino.ROOT, name(names.get(500)));
    List<String> after = read(handle, cookies.getOrDefault(names.get(500), 0L), 3_000);
    assertThat(after).endsWith(names.subList(501, 2_602).toArray(String[]::new));
    assertThat(after).hasSizeLessThan(2_602 - 501 + DirectoryCookies.BATCH_MAX);
  }

  @Example
  void cookiesThatWereNeverHandedOutAreRefused() throws FsException {
    files(0, 10);
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    assertThat(readAll(handle, 5)).hasSize(12);
    assertThat(volume.errno(() -> read(handle, 3, 10))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> read(handle, -1, 10))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> read(handle, 77L << 32, 10))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> read(handle + 1, 0, 10))).isEqualTo(Errno.EBADF);
  }

  /** The promise: an entry that neither comes nor goes is seen exactly once. */
  @Property(tries = 20)
  void whatStaysIsSeenOnce(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int room)
      throws FsException {
    volume = new TestVolume();
    cookies.clear();
    Random random = new Random(seed);
    Set<String> staying = new HashSet<>();
    List<String> passing = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      String name = Integer.toString(random.nextInt(1 << 20), 36);
      if (staying.contains(name) || passing.contains(name)) {
        continue;
      }
      volume.file(Ino.ROOT, name);
      if (random.nextBoolean()) {
        staying.add(name);
      } else {
        passing.add(name);
      }
    }
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    List<String> seen = new ArrayList<>();
    long cookie = 0;
    while (true) {
      List<String> some = read(handle, cookie, room);
      if (some.isEmpty()) {
        break;
      }
      seen.addAll(some);
      cookie = cookies.getOrDefault(some.getLast(), 0L);
      for (int i = 0; i < 5 && !passing.isEmpty(); i++) {
        String gone = passing.remove(random.nextInt(passing.size()));
        volume.files.unlink(USER, Ino.ROOT, name(gone));
        String come = gone + "+" + random.nextInt(10);
        volume.file(Ino.ROOT, come);
      }
    }
    assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
  }

  private void files(int from, int to) throws FsException {
    for (int i = from; i < to; i++) {
      volume.file(Ino.ROOT, "file-%05d".formatted(i));
    }
  }

  private List<String> readAll(long handle, int room) throws FsException {
    List<String> all = new ArrayList<>();
    long cookie = 0;
    while (true) {
      List<String> some = read(handle, cookie, room);
      if (some.isEmpty()) {
        return all;
      }
      all.addAll(some);
      cookie = cookies.getOrDefault(some.getLast(), 0L);
    }
  }

  /** Reads from a cookie on, as far as there is room. */
  private List<String> read(long handle, long cookie, int room) throws FsException {
    List<String> names = new ArrayList<>();
    volume.files.readDirectory(
        USER,
        handle,
        cookie,
        false,
        (name, ino, type, next, attributes) -> {
          if (names.size() == room) {
            return false;
          }
          String text = new String(name, StandardCharsets.UTF_8);
          names.add(text);
          cookies.put(text, next);
          return true;
        });
    return names;
  }
}
