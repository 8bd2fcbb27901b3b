package io.strata.fs.posix;

import static io.strata.fs.posix.ReadAhead.WINDOW_BYTES_MAX;
import static io.strata.fs.posix.ReadAhead.WINDOW_BYTES_MIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final long SIZE = 1L << 30;
  private static final long READ = 128 << 10;

  private final ReadAhead readAhead = new ReadAhead();

  @Test
  void aSingleReadLoadsNothingElse() {
    assertThat(readAhead.afterRead(0, 4096, SIZE)).isNull();
    assertThat(new ReadAhead().afterRead(1 << 20, 4096, SIZE)).isNull();
  }

  @Test
  void randomReadsLoadNothingElse() {
    for (long offset : new long[] {0, 9 << 20, 4 << 20, 100 << 20, 1 << 20}) {
      assertThat(readAhead.afterRead(offset, 4096, SIZE)).isNull();
    }
  }

  @Test
  void readsInOrderLoadEachByteOnceInGrowingWindows() {
    List<Long> windows = new ArrayList<>();
    long loadedTo = -1;
    for (long offset = 0; offset < SIZE; offset += READ) {
      ReadAhead.Range range = readAhead.afterRead(offset, READ, SIZE);
      if (range == null) {
        continue;
      }
      if (loadedTo >= 0) {
        assertThat(range.from()).isEqualTo(loadedTo);
      }
      assertThat(range.from()).isGreaterThanOrEqualTo(offset + READ);
      loadedTo = range.to();
      windows.add(range.to() - offset - READ);
    }
    assertThat(windows.getFirst()).isEqualTo(WINDOW_BYTES_MIN);
    assertThat(windows.subList(0, windows.size() - 2)).isSorted();
    assertThat(windows).contains(WINDOW_BYTES_MAX);
    assertThat(loadedTo).isEqualTo(SIZE);
    // 1 GiB by 48 MiB, each asked for when half of the last is used up.
    assertThat(windows).hasSizeLessThan(60);
  }

  @Test
  void aLittleDisorderDoesNotStopIt() {
    readAhead.afterRead(0, READ, SIZE);
    assertThat(readAhead.afterRead(READ, READ, SIZE)).isNotNull();
    assertThat(readAhead.afterRead(3 * READ, READ, SIZE)).isNotNull();
    assertThat(readAhead.afterRead(2 * READ, READ, SIZE)).isNull();
    assertThat(readAhead.afterRead(12 * READ, READ, SIZE)).isNotNull();
    assertThat(readAhead.afterRead(500 << 20, READ, SIZE)).isNull();
    assertThat(readAhead.afterRead(13 * READ, READ, SIZE)).isNull();
  }

  @Test
  void nothingIsLoadedBehindTheEnd() {
    readAhead.afterRead(0, READ, 2 * READ);
    assertThat(readAhead.afterRead(READ, READ, 2 * READ)).isNull();
  }

  @Test
  void extentsAreHandedToTheEngine() throws FsException {
    TestVolume volume = new TestVolume();
    Ino file = volume.file(Ino.ROOT, "f");
    long handle = volume.open(file);
    for (int i = 0; i < 16; i++) {
      volume.write(handle, (long) i << 16, new byte[1 << 16]);
    }
    assertThat(volume.read(handle, 0, 1 << 16)).hasSize(1 << 16);
    assertThat(volume.engine.prefetched()).isEmpty();
    assertThat(volume.read(handle, 1 << 16, 1 << 16)).hasSize(1 << 16);
    assertThat(volume.engine.prefetched())
        .extracting(Extent::fileOffset)
        .containsExactlyElementsOf(LongStream.range(2, 10).mapToObj(i -> i << 16).toList());
  }

  @Test
  void missingPagesAreLoadedInTheBackground() throws FsException {
    TestVolume volume = new TestVolume();
    long handle = volume.open(volume.file(Ino.ROOT, "f"));
    volume.write(handle, 0, new byte[1 << 18]);
    volume.engine.goCold();
    assertThat(volume.read(handle, 0, 1 << 16)).hasSize(1 << 16);
    assertThat(volume.read(handle, 1 << 16, 1 << 16)).hasSize(1 << 16);
    assertThat(volume.engine.prefetched()).isEmpty();
    volume.engine.runBackground();
    assertThat(volume.engine.prefetched()).hasSize(1);
  }
}
