package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.OpenFlags;
import io.strata.fs.FileSystem;
import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading, writing, cutting and growing files. */
class FileBytesTest {
  private final TestVolume volume = new TestVolume();
  private Ino file = Ino.ROOT;
  private long handle;

  @BeforeEach
  void aFile() throws FsException {
    file = volume.file(Ino.ROOT, "f");
    handle = volume.open(file);
  }

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void bytesComeBackAndHolesAreZeros() throws FsException {
    volume.write(handle, 4, "four");
    volume.write(handle, 12, "end");
    assertThat(volume.text(handle)).isEqualTo("....four....end");
    assertThat(volume.attributes(file).size()).isEqualTo(15);
    assertThat(volume.attributes(file).allocated()).isEqualTo(7);
    assertThat(volume.read(handle, 13, 100)).isEqualTo(new byte[] {'n', 'd'});
    assertThat(volume.read(handle, 15, 100)).isEmpty();
    assertThat(volume.read(handle, 5, 0)).isEmpty();
    assertThat(volume.read(handle, 1_000, 100)).isEmpty();
  }

  @Test
  void anOverwriteCutsWhatItMeets() throws FsException {
    volume.write(handle, 0, "aaaaaaaaaa");
    volume.write(handle, 3, "bbb");
    assertThat(volume.text(handle)).isEqualTo("aaabbbaaaa");
    assertThat(volume.extents(file)).isEqualTo(3);
    volume.write(handle, 2, "ccccc");
    assertThat(volume.text(handle)).isEqualTo("aacccccaaa");
    volume.write(handle, 0, "dddddddddd");
    assertThat(volume.text(handle)).isEqualTo("dddddddddd");
    assertThat(volume.extents(file)).isEqualTo(1);
    assertThat(volume.attributes(file).allocated()).isEqualTo(10);
  }

  @Test
  void sequentialWritesAreOneExtent() throws FsException {
    for (int i = 0; i < 100; i++) {
      volume.write(handle, 5L * i, "abcde");
    }
    assertThat(volume.extents(file)).isEqualTo(1);
    volume.write(volume.open(volume.file(Ino.ROOT, "other")), 0, "x");
    volume.write(handle, 500, "abcde");
    assertThat(volume.extents(file)).isEqualTo(2);
    volume.write(handle, 505, "abcde");
    assertThat(volume.extents(file)).isEqualTo(2);
  }

  @Test
  void aWriteMarksTimesAndMayTakePowersAway() throws FsException {
    volume.files.change(USER, file, AttributeChange.mode(06755), 0);
    byte[] capability = "security.capability".getBytes(StandardCharsets.UTF_8);
    volume.files.setExtendedAttribute(USER, file, capability, new byte[8], 0);
    Timestamp now = volume.tick();
    volume.write(handle, 0, "x");
    assertThat(volume.attributes(file).mode()).isEqualTo(0106755);
    assertThat(volume.attributes(file).modified()).isEqualTo(now);
    assertThat(volume.attributes(file).changed()).isEqualTo(now);
    volume.files.write(USER, handle, 0, MemorySegment.ofArray(new byte[1]), true);
    assertThat(volume.attributes(file).mode()).isEqualTo(0100755);
    assertThat(volume.files.extendedAttribute(USER, file, capability)).isNull();
  }

  @Test
  void mandatoryLockingIsNoPower() throws FsException {
    volume.files.change(USER, file, AttributeChange.mode(06745), 0);
    volume.files.write(USER, handle, 0, MemorySegment.ofArray(new byte[1]), true);
    assertThat(volume.attributes(file).mode()).isEqualTo(0102745);
  }

  @Test
  void whatWasCutOffIsZerosWhenItGrowsAgain() throws FsException {
    volume.write(handle, 0, "0123456789");
    resize(4);
    assertThat(volume.attributes(file).allocated()).isEqualTo(4);
    resize(8);
    assertThat(volume.text(handle)).isEqualTo("0123....");
    volume.write(handle, 7, "x");
    assertThat(volume.text(handle)).isEqualTo("0123...x");
    resize(0);
    assertThat(volume.attributes(file).allocated()).isZero();
  }

  @Test
  void resizingMarksTimesEvenToTheSameSize() throws FsException {
    Timestamp now = volume.tick();
    resize(0);
    assertThat(volume.attributes(file).modified()).isEqualTo(now);
    assertThat(volume.attributes(file).changed()).isEqualTo(now);
  }

  @Test
  void appendsGoToTheEnd() throws FsException {
    assertThat(append("abc")).isZero();
    assertThat(append("")).isEqualTo(3);
    assertThat(append("def")).isEqualTo(3);
    resize(10);
    assertThat(append("g")).isEqualTo(10);
    assertThat(volume.text(handle)).isEqualTo("abcdef....g");
  }

  @Test
  void theLargestFileIsAPageShortOfEverything() throws FsException {
    long max = FileSize.BYTES_MAX;
    volume.write(handle, max - 3, "end");
    assertThat(volume.attributes(file).size()).isEqualTo(max);
    assertThat(volume.read(handle, max - 5, 10)).isEqualTo(new byte[] {0, 0, 'e', 'n', 'd'});
    assertThat(volume.errno(() -> volume.write(handle, max - 2, "end"))).isEqualTo(Errno.EFBIG);
    assertThat(volume.errno(() -> append("x"))).isEqualTo(Errno.EFBIG);
    assertThat(volume.errno(() -> resize(max + 1))).isEqualTo(Errno.EFBIG);
    assertThat(volume.errno(() -> resize(-1))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> volume.write(handle, -1, "x"))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> volume.read(handle, -1, 1))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void aWriteLargerThanARunIsOneGroup() throws FsException {
    byte[] bytes = new byte[(int) (2 * Engine.APPEND_BYTES_MAX) + 777];
    new Random(42).nextBytes(bytes);
    int groups = volume.engine.groupCount();
    volume.write(handle, 3, bytes);
    assertThat(volume.engine.groupCount()).isEqualTo(groups + 1);
    assertThat(volume.read(handle, 3, bytes.length)).isEqualTo(bytes);
    byte[] zeros = new byte[3];
    assertThat(volume.read(handle, 0, 3)).isEqualTo(zeros);
  }

  @Test
  void theQuotaIsKept() throws FsException {
    volume.engine.setCapacity(10);
    volume.write(handle, 0, "01234567");
    volume.write(handle, 1_000, "");
    assertThat(volume.errno(() -> volume.write(handle, 6, "67890"))).isEqualTo(Errno.ENOSPC);
    assertThat(volume.errno(() -> volume.write(handle, 100, "abc"))).isEqualTo(Errno.ENOSPC);
    assertThat(volume.errno(() -> append("abc"))).isEqualTo(Errno.ENOSPC);
    volume.write(handle, 0, "abcdefghij");
    assertThat(volume.files.spaceUse(USER)).isEqualTo(new SpaceUse(10, 10, 2));
    volume.write(handle, 0, "ABCDEFGHIJ");
    resize(3);
    volume.write(handle, 3, "def");
    assertThat(volume.text(handle)).isEqualTo("ABCdef");
  }

  @Test
  void handlesForReadingDoNotWrite() throws FsException {
    long reading = volume.files.open(USER, file, OpenFlags.READ_ONLY);
    assertThat(volume.errno(() -> volume.write(reading, 0, "x"))).isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> volume.files.allocate(USER, reading, 0, 1, 0)))
        .isEqualTo(Errno.EBADF);
    assertThat(volume.errno(() -> volume.files.copy(USER, handle, 0, reading, 0, 1)))
        .isEqualTo(Errno.EBADF);
  }

  @Test
  void synchronousHandlesSyncEachWrite() throws FsException {
    long synchronous =
        volume.files.open(USER, file, OpenFlags.READ_WRITE | OpenFlags.SYNC_DATA);
    volume.write(synchronous, 0, "x");
    assertThat(volume.engine.syncs()).isEqualTo(1);
    volume.files.append(USER, synchronous, MemorySegment.ofArray(new byte[1]));
    assertThat(volume.engine.syncs()).isEqualTo(2);
    Caller hasty = new Caller(0, 0, 0, false);
    assertThat(
            volume.errno(
                () ->
                    volume.files.write(
                        hasty, synchronous, 0, MemorySegment.ofArray(new byte[1]), false)))
        .isEqualTo(Errno.EAGAIN);
    assertThat(volume.errno(() -> volume.files.sync(hasty, handle, true)))
        .isEqualTo(Errno.EAGAIN);
  }

  @Test
  void openingMayTruncate() throws FsException {
    volume.write(handle, 0, "text");
    volume.files.open(USER, file, OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE);
    assertThat(volume.text(handle)).isEmpty();
  }

  @Test
  void aSegmentThatWentAwayIsLookedUpAgain() throws FsException {
    volume.write(handle, 0, "text");
    Extent extent = only(extentsOf(file));
    volume.engine.loseOnce(extent.nonce());
    assertThat(volume.text(handle)).isEqualTo("text");
  }

  @Test
  void aVeryFragmentedFileIsReadWhole() throws FsException {
    Ino other = volume.fragmented(Ino.ROOT, "other", 5_000);
    byte[] expected = new byte[9_999];
    for (int i = 0; i < 5_000; i++) {
      expected[2 * i] = (byte) i;
    }
    assertThat(volume.read(volume.open(other), 0, 20_000)).isEqualTo(expected);
    assertThat(volume.read(volume.open(other), 1, 9_000))
        .isEqualTo(Arrays.copyOfRange(expected, 1, 9_001));
  }

  @Test
  void readingLeavesTimesAloneUnlessAsked() throws FsException {
    Timestamp born = volume.attributes(file).accessed();
    volume.tick();
    volume.write(handle, 0, "x");
    volume.tick();
    assertThat(volume.text(handle)).isEqualTo("x");
    assertThat(volume.attributes(file).accessed()).isEqualTo(born);

    FileSystem noting = new VolumeFileSystem(volume.engine, AccessTimePolicy.AFTER_CHANGE);
    long again = noting.open(USER, file, OpenFlags.READ_ONLY);
    Timestamp read = volume.tick();
    noting.read(USER, again, 0, MemorySegment.ofArray(new byte[1]));
    volume.tick();
    noting.read(USER, again, 0, MemorySegment.ofArray(new byte[1]));
    assertThat(volume.attributes(file).accessed()).isEqualTo(read);
    assertThat(volume.attributes(file).changed()).isLessThan(read);
  }

  @Test
  void namesMayGoWhileBytesStay() throws FsException {
    volume.write(handle, 0, "text");
    volume.files.link(USER, file, Ino.ROOT, name("g"));
    volume.files.unlink(USER, Ino.ROOT, name("f"));
    volume.files.release(handle);
    assertThat(volume.text(volume.open(volume.lookup(Ino.ROOT, "g").ino()))).isEqualTo("text");
  }

  private void resize(long size) throws FsException {
    volume.files.change(USER, file, AttributeChange.size(size), handle);
  }

  private long append(String text) throws FsException {
    return volume.files.append(
        USER, handle, MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<Extent> extentsOf(Ino ino) throws FsException {
    return volume.engine.read(
        USER, metadata -> new Tree(metadata).extentsFrom(ino, 0, Long.MAX_VALUE, 100));
  }

  private static Extent only(List<Extent> extents) {
    assertThat(extents).hasSize(1);
    return extents.getFirst();
  }
}
