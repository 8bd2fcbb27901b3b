package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Allocation, holes, and copies that share. */
class FileSpaceTest {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 0x10;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  private final TestVolume volume = new TestVolume();
  private Ino file = Ino.ROOT;
  private long handle;

  @BeforeEach
  void aFile() throws FsException {
    file = volume.file(Ino.ROOT, "f");
    handle = volume.open(file);
    volume.write(handle, 0, "0123456789");
  }

  @AfterEach
  void treeIsSound() {
    volume.check();
  }

  @Test
  void allocationOnlySetsTheSize() throws FsException {
    allocate(5, 10, KEEP_SIZE);
    assertThat(volume.attributes(file).size()).isEqualTo(10);
    allocate(5, 10, 0);
    assertThat(volume.text(handle)).isEqualTo("0123456789.....");
    assertThat(volume.attributes(file).allocated()).isEqualTo(10);
    allocate(0, 3, 0);
    assertThat(volume.attributes(file).size()).isEqualTo(15);
  }

  @Test
  void whatCannotFitIsRefused() {
    volume.engine.setCapacity(20);
    assertThat(volume.errno(() -> allocate(0, 100, 0))).isEqualTo(Errno.ENOSPC);
    assertThat(volume.errno(() -> allocate(0, 100, KEEP_SIZE))).isEqualTo(Errno.ENOSPC);
  }

  @Test
  void holesArePunched() throws FsException {
    allocate(2, 3, PUNCH_HOLE | KEEP_SIZE);
    assertThat(volume.text(handle)).isEqualTo("01...56789");
    allocate(8, 100, PUNCH_HOLE | KEEP_SIZE);
    assertThat(volume.text(handle)).isEqualTo("01...567..");
    assertThat(volume.attributes(file).allocated()).isEqualTo(5);
  }

  @Test
  void rangesAreZeroed() throws FsException {
    allocate(2, 3, ZERO_RANGE);
    allocate(9, 4, ZERO_RANGE | KEEP_SIZE);
    assertThat(volume.text(handle)).isEqualTo("01...5678.");
    allocate(9, 4, ZERO_RANGE);
    assertThat(volume.text(handle)).isEqualTo("01...5678....");
  }

  @Test
  void otherWaysAreRefused() {
    assertThat(volume.errno(() -> allocate(0, 1, PUNCH_HOLE))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(volume.errno(() -> allocate(0, 1, 8))).isEqualTo(Errno.EOPNOTSUPP);
    assertThat(volume.errno(() -> allocate(0, 0, 0))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> allocate(-1, 1, 0))).isEqualTo(Errno.EINVAL);
    assertThat(volume.errno(() -> allocate(Long.MAX_VALUE, 1, 0))).isEqualTo(Errno.EFBIG);
  }

  @Test
  void dataAndHolesAreFound() throws FsException {
    allocate(2, 3, PUNCH_HOLE | KEEP_SIZE);
    allocate(10, 5, 0);
    assertThat(seek(0, SEEK_DATA)).isZero();
    assertThat(seek(1, SEEK_HOLE)).isEqualTo(2);
    assertThat(seek(3, SEEK_HOLE)).isEqualTo(3);
    assertThat(seek(3, SEEK_DATA)).isEqualTo(5);
    assertThat(seek(5, SEEK_HOLE)).isEqualTo(10);
    assertThat(volume.errno(() -> seek(10, SEEK_DATA))).isEqualTo(Errno.ENXIO);
    assertThat(volume.errno(() -> seek(15, SEEK_HOLE))).isEqualTo(Errno.ENXIO);
    assertThat(volume.errno(() -> seek(0, 0))).isEqualTo(Errno.EINVAL);
  }

  @Test
  void theEndCountsAsAHole() throws FsException {
    assertThat(seek(0, SEEK_HOLE)).isEqualTo(10);
  }

  @Test
  void copiesShareAndThenPart() throws FsException {
    allocate(2, 3, PUNCH_HOLE | KEEP_SIZE);
    Ino other = volume.file(Ino.ROOT, "g");
    long copy = volume.open(other);
    volume.write(copy, 0, "xxxxxxxxxxxxxxx");
    assertThat(volume.files.copy(USER, handle, 1, copy, 2, 100)).isEqualTo(9);
    assertThat(volume.text(copy)).isEqualTo("xx1...56789xxxx");
    assertThat(volume.attributes(other).allocated()).isEqualTo(12);
    volume.write(handle, 0, "aaaaaaaaaa");
    assertThat(volume.text(copy)).isEqualTo("xx1...56789xxxx");
    assertThat(volume.files.copy(USER, handle, 10, copy, 0, 5)).isZero();
  }

  @Test
  void aCopyWithinAFileMayTouchButNotOverlap() throws FsException {
    assertThat(volume.files.copy(USER, handle, 0, handle, 10, 10)).isEqualTo(10);
    assertThat(volume.text(handle)).isEqualTo("01234567890123456789");
    assertThat(volume.errno(() -> volume.files.copy(USER, handle, 0, handle, 9, 10)))
        .isEqualTo(Errno.EINVAL);
    volume.engine.setCapacity(25);
    assertThat(volume.errno(() -> volume.files.copy(USER, handle, 0, handle, 20, 10)))
        .isEqualTo(Errno.ENOSPC);
  }

  private void allocate(long offset, long length, int mode) throws FsException {
    volume.files.allocate(USER, handle, offset, length, mode);
  }

  private long seek(long offset, int whence) throws FsException {
    return volume.files.seek(USER, handle, offset, whence);
  }
}
