package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleNumber;
import io.strata.fs.Inheritance;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Handles that outlive the process that opened them. */
final class AdoptionTest {
  private final TestVolume volume = new TestVolume();
  private final Former former = new Former();

  /** An owner before, as far as the filesystem is concerned. */
  private static final class Former implements Inheritance {
    final Set<Ino> held = new HashSet<>();
    final Set<Ino> lost = new HashSet<>();
    final Set<Ino> everLost = new HashSet<>();
    final List<Long> told = new ArrayList<>();

    @Override
    public boolean mayBeHeld(Ino ino) {
      return held.contains(ino);
    }

    @Override
    public boolean lostWrites(Ino ino) {
      return lost.contains(ino);
    }

    @Override
    public boolean hasLost(Ino ino) {
      return everLost.contains(ino);
    }

    @Override
    public void told(Ino ino, long handle) {
      lost.remove(ino);
      told.add(handle);
    }
  }

  @Example
  void aHandleGoesOnWhereItWas() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long handle = volume.open(ino);
    volume.write(handle, 0, "before");
    volume.reopen(former);
    assertThat(volume.errno(() -> volume.text(handle))).isEqualTo(Errno.EBADF);
    volume.files.adopt(USER, ino, handle, HandleClaim.certain(false));
    volume.files.adopt(USER, ino, handle, HandleClaim.certain(false));
    volume.write(handle, 6, " and after");
    assertThat(volume.text(handle)).isEqualTo("before and after");
    volume.files.sync(USER, handle, false);
    volume.files.release(handle);
    assertThat(volume.errno(() -> volume.files.release(handle))).isEqualTo(Errno.EBADF);
    assertThat(volume.open(ino)).isNotEqualTo(handle);
    volume.check();
  }

  @Example
  void itsFlagsComeBack() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long readOnly = volume.files.open(USER, ino, OpenFlags.READ_ONLY);
    long synchronous = volume.files.open(USER, ino, OpenFlags.WRITE_ONLY | OpenFlags.SYNC_DATA);
    volume.reopen(former);
    volume.files.adopt(USER, ino, readOnly, HandleClaim.certain(false));
    volume.files.adopt(USER, ino, synchronous, HandleClaim.certain(false));
    assertThat(volume.errno(() -> volume.write(readOnly, 0, "x"))).isEqualTo(Errno.EBADF);
    int syncs = volume.engine.syncs();
    volume.write(synchronous, 0, "x");
    assertThat(volume.engine.syncs()).isEqualTo(syncs + 1);
  }

  @Example
  void whatNoOwnerMadeIsRefused() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long file = volume.open(ino);
    volume.reopen(former);
    long own = volume.open(ino);
    long ahead = HandleNumber.ofFile(new Epoch(3), 1, OpenFlags.READ_WRITE).encode();
    assertThat(volume.errno(() -> adopt(ino, own + 1))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> adopt(ino, ahead))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> adopt(ino, 0))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> adopt(ino, -7))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> adopt(Ino.ROOT, file))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> adopt(new Ino(77), file))).isEqualTo(Errno.ESTALE);
    long directory = HandleNumber.ofDirectory(new Epoch(1), 9).encode();
    assertThat(volume.errno(() -> adopt(ino, directory))).isEqualTo(Errno.EBADF);
    adopt(ino, file);
  }

  @Example
  void whatHasNoNameStaysUntilItsLastHandleIsReleased() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long one = volume.open(ino);
    long other = volume.open(ino);
    volume.write(one, 0, "still here");
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    former.held.add(ino);
    volume.reopen(former);
    volume.files.reapOrphans();
    adopt(ino, one);
    assertThat(volume.text(one)).isEqualTo("still here");
    volume.files.release(one);
    adopt(ino, other);
    former.held.clear();
    volume.files.reapOrphans();
    assertThat(volume.text(other)).isEqualTo("still here");
    volume.files.release(other);
    assertThat(volume.errno(() -> volume.attributes(ino))).isEqualTo(Errno.ESTALE);
    volume.check();
  }

  @Example
  void whatLosesItsNameBeforeItsHandleComesBackIsKept() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long handle = volume.open(ino);
    volume.write(handle, 0, "kept");
    former.held.add(ino);
    volume.reopen(former);
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    long again = volume.open(ino);
    volume.files.release(again);
    adopt(ino, handle);
    assertThat(volume.text(handle)).isEqualTo("kept");
    former.held.clear();
    volume.files.release(handle);
    assertThat(volume.errno(() -> volume.attributes(ino))).isEqualTo(Errno.ESTALE);
    volume.check();
  }

  @Example
  void whatNobodyComesBackForGoes() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    volume.open(ino);
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    former.held.add(ino);
    volume.reopen(former);
    volume.files.reapOrphans();
    assertThat(volume.attributes(ino).links()).isZero();
    former.held.clear();
    volume.files.reapOrphans();
    assertThat(volume.errno(() -> volume.attributes(ino))).isEqualTo(Errno.ESTALE);
    volume.check();
  }

  @Example
  void lossesAreToldOncePerHandle() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long one = volume.open(ino);
    long other = volume.files.open(USER, ino, OpenFlags.READ_ONLY);
    long spared = volume.open(volume.file(Ino.ROOT, "g"));
    long directory = volume.files.openDirectory(USER, Ino.ROOT);
    volume.reopen(former);
    volume.files.adopt(USER, ino, one, HandleClaim.certain(true));
    volume.files.adopt(USER, ino, other, HandleClaim.certain(true));
    volume.files.adopt(USER, Ino.ROOT, directory, HandleClaim.certain(true));
    adopt(volume.lookup(Ino.ROOT, "g").ino(), spared);
    volume.files.sync(USER, spared, false);
    for (long handle : new long[] {one, other, directory}) {
      assertThat(volume.errno(() -> volume.files.sync(USER, handle, true))).isEqualTo(Errno.EIO);
      volume.files.sync(USER, handle, true);
    }
    assertThat(former.told).containsExactly(one, other, directory);
  }

  @Example
  void whoeverOpensAFileBeforeItsLossIsToldHearsOfItToo() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    volume.reopen(former);
    former.lost.add(ino);
    former.everLost.add(ino);
    long first = volume.open(ino);
    assertThat(volume.errno(() -> volume.files.sync(USER, first, false))).isEqualTo(Errno.EIO);
    long second = volume.open(ino);
    volume.files.sync(USER, second, false);
    volume.files.sync(USER, first, false);
  }

  @Example
  void aSynchronousWriteTellsAsASyncDoes() throws FsException {
    Ino ino = volume.file(Ino.ROOT, "f");
    long handle = volume.files.open(USER, ino, OpenFlags.WRITE_ONLY | OpenFlags.SYNC);
    volume.reopen(former);
    volume.files.adopt(USER, ino, handle, HandleClaim.certain(true));
    MemorySegment bytes = MemorySegment.ofArray(new byte[] {1});
    Errno errno = null;
    try {
      volume.files.write(USER, handle, 0, bytes, false);
    } catch (FsException e) {
      errno = e.errno();
    }
    assertThat(errno).isEqualTo(Errno.EIO);
    volume.write(handle, 0, "x");
  }

  /** Wherever the crash falls: nothing that stays is missed, and the reader comes to an end. */
  @Property(tries = 30)
  void aDirectoryIsReadToItsEnd(
      @ForAll @IntRange(min = 1, max = 700) int files,
      @ForAll @IntRange(min = 1, max = 90) int room,
      @ForAll @IntRange(min = 0, max = 20) int pagesBefore,
      @ForAll boolean removing)
      throws FsException {
    TestVolume volume = new TestVolume();
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < files; i++) {
      volume.file(Ino.ROOT, "file-%05d".formatted(i));
      expected.add("file-%05d".formatted(i));
    }
    long handle = volume.files.openDirectory(USER, Ino.ROOT);
    Map<String, Long> cookies = new HashMap<>();
    List<String> seen = new ArrayList<>();
    long cookie = 0;
    for (int page = 0; ; page++) {
      if (page == pagesBefore) {
        volume.reopen(former);
        volume.files.adopt(USER, Ino.ROOT, handle, HandleClaim.certain(false));
      }
      List<String> some = page(volume, handle, cookie, room, cookies);
      if (some.isEmpty()) {
        break;
      }
      seen.addAll(some);
      cookie = cookies.getOrDefault(some.getLast(), 0L);
      if (removing) {
        for (String name : some) {
          if (name.startsWith("file")) {
            volume.files.unlink(USER, Ino.ROOT, name(name));
          }
        }
      }
      assertThat(page).isLessThanOrEqualTo(2 * (files + 2));
    }
    assertThat(seen).containsAll(expected);
    if (!removing) {
      assertThat(seen).doesNotHaveDuplicates();
    }
  }

  private static List<String> page(
      TestVolume volume, long handle, long cookie, int room, Map<String, Long> cookies)
      throws FsException {
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
          names.add(new String(name, java.nio.charset.StandardCharsets.UTF_8));
          cookies.put(names.getLast(), next);
          return true;
        });
    return names;
  }

  private void adopt(Ino ino, long handle) throws FsException {
    volume.files.adopt(USER, ino, handle, HandleClaim.certain(false));
  }
}
