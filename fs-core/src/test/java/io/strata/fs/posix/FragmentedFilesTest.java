package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However many extents an operation has to do with, each of its groups has to do with few. */
class FragmentedFilesTest {
  private static final int EXTENTS = 4 * ExtentEdit.REMOVED_MAX + 100;
  private static final int SIZE = 2 * EXTENTS - 1;
  private static final int MUTATIONS_MAX = ExtentEdit.REMOVED_MAX + 10;

  private final TestVolume volume = new TestVolume();
  private Ino file = Ino.ROOT;
  private long handle;
  private int groupsBefore;

  @BeforeEach
  void aFragmentedFile() throws FsException {
    file = volume.fragmented(Ino.ROOT, "f", EXTENTS);
    handle = volume.open(file);
    groupsBefore = volume.engine.groupCount();
  }

  @AfterEach
  void groupsAreSmall() throws MalformedRecord {
    volume.check();
    for (int i = groupsBefore; i < volume.engine.groupCount(); i++) {
      assertThat(volume.engine.group(i)).hasSizeLessThanOrEqualTo(MUTATIONS_MAX);
    }
  }

  @Test
  void truncationShortensFromTheEnd() throws Exception {
    volume.files.change(USER, file, AttributeChange.size(101), handle);
    assertThat(volume.extents(file)).isEqualTo(51);
    assertThat(volume.attributes(file).size()).isEqualTo(101);
    List<Long> sizes = new ArrayList<>();
    for (int i = groupsBefore; i < volume.engine.groupCount(); i++) {
      for (Mutation mutation : volume.engine.group(i)) {
        if (mutation instanceof Mutation.InodePut(Ino ino, Inode inode)) {
          sizes.add(inode.size());
        }
      }
    }
    assertThat(sizes).hasSizeGreaterThan(3).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(sizes.getLast()).isEqualTo(101);
  }

  @Test
  void truncationThatMayNotWaitChangesNothing() {
    Caller hasty = new Caller(0, 0, 0, false);
    assertThat(
            volume.errno(
                () -> volume.files.change(hasty, file, AttributeChange.size(0), handle)))
        .isEqualTo(Errno.EAGAIN);
  }

  @Test
  void anOverwriteReplacesAll() throws FsException {
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) 7);
    volume.write(handle, 0, bytes);
    assertThat(volume.read(handle, 0, SIZE)).isEqualTo(bytes);
    assertThat(volume.extents(file)).isEqualTo(1);
    assertThat(volume.attributes(file).allocated()).isEqualTo(SIZE);
  }

  @Test
  void aHoleSwallowsAll() throws FsException {
    volume.files.allocate(USER, handle, 1, SIZE, 3);
    assertThat(volume.extents(file)).isEqualTo(1);
    assertThat(volume.attributes(file).size()).isEqualTo(SIZE);
    assertThat(volume.read(handle, 0, SIZE)).isEqualTo(new byte[SIZE]);
  }

  @Test
  void aCopyIsWhole() throws FsException {
    Ino other = volume.file(Ino.ROOT, "g");
    long target = volume.open(other);
    assertThat(volume.files.copy(USER, handle, 0, target, 10, 1 << 20)).isEqualTo(SIZE);
    assertThat(volume.read(target, 10, SIZE)).isEqualTo(volume.read(handle, 0, SIZE));
    assertThat(volume.extents(other)).isEqualTo(EXTENTS);
    assertThat(volume.files.copy(USER, handle, 2, target, 10, SIZE - 2)).isEqualTo(SIZE - 2);
    assertThat(volume.read(target, 10, SIZE - 2)).isEqualTo(volume.read(handle, 2, SIZE));
  }

  @Test
  void holesAreFoundBehindManyExtents() throws FsException {
    Ino dense = volume.file(Ino.ROOT, "dense");
    long target = volume.open(dense);
    for (int i = 0; i < 1_500; i++) {
      volume.write(target, 1_499 - i, new byte[1]);
    }
    groupsBefore = volume.engine.groupCount();
    assertThat(volume.extents(dense)).isEqualTo(1_500);
    assertThat(volume.files.seek(USER, target, 0, 4)).isEqualTo(1_500);
    volume.files.change(USER, dense, AttributeChange.size(2_000), target);
    assertThat(volume.files.seek(USER, target, 0, 4)).isEqualTo(1_500);
  }
}
