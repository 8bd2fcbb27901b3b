package io.strata.fs.posix;

import static io.strata.fs.posix.ReadAhead.WINDOW_BYTES_MAX;
import static io.strata.fs.posix.ReadAhead.WINDOW_BYTES_MIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final long SIZE = 1L << 30;
  private static final long READ = 64 << 10;

  private final ReadAhead readAhead = new ReadAhead();

  private static long ample() {
    return SIZE;
  }

  @Test
  void aSingleReadLoadsNothingElse() {
    assertThat(readAhead.beforeRead(0, 4096, SIZE, ReadAheadTest::ample)).isNull();
    assertThat(new ReadAhead().beforeRead(1 << 20, 4096, SIZE, ReadAheadTest::ample)).isNull();
  }

  @Test
  void aLongReadAtTheBeginningIsNotTheLast() {
    ReadAhead.Range range = readAhead.beforeRead(0, 1 << 20, SIZE, ReadAheadTest::ample);
    assertThat(range).isEqualTo(new ReadAhead.Range(0, 5 << 20));
    assertThat(readAhead.beforeRead(0, 1 << 20, SIZE, ReadAheadTest::ample)).as("the same once more").isNull();
    assertThat(new ReadAhead().beforeRead(1 << 20, 1 << 20, SIZE, ReadAheadTest::ample)).isNull();
  }

  @Test
  void noMoreIsLoadedThanThereIsRoomFor() {
    AtomicLong room = new AtomicLong();
    readAhead.beforeRead(0, READ, SIZE, room::get);
    assertThat(readAhead.beforeRead(READ, READ, SIZE, room::get)).isNull();
    room.set(4 * READ);
    assertThat(readAhead.beforeRead(2 * READ, READ, SIZE, room::get))
        .as("from where nothing is loaded")
        .isEqualTo(new ReadAhead.Range(2 * READ, 6 * READ));
    room.set(0);
    for (int i = 3; i < 7; i++) {
      assertThat(readAhead.beforeRead(i * READ, READ, SIZE, room::get)).isNull();
    }
    room.set(4 * READ);
    assertThat(readAhead.beforeRead(7 * READ, READ, SIZE, room::get))
        .isEqualTo(new ReadAhead.Range(7 * READ, 11 * READ));
  }

  @Test
  void randomReadsLoadNothingElse() {
    for (long offset : new long[] {0, 9 << 20, 4 << 20, 100 << 20, 1 << 20}) {
      assertThat(readAhead.beforeRead(offset, 4096, SIZE, ReadAheadTest::ample)).isNull();
    }
  }

  @Test
  void readsInOrderLoadEachByteOnceInGrowingWindows() {
    List<Long> windows = new ArrayList<>();
    long loadedTo = -1;
    for (long offset = 0; offset < SIZE; offset += READ) {
      ReadAhead.Range range = readAhead.beforeRead(offset, READ, SIZE, ReadAheadTest::ample);
      if (range == null) {
        continue;
      }
      if (loadedTo >= 0) {
        assertThat(range.from()).isEqualTo(loadedTo);
      }
      assertThat(range.from()).isGreaterThanOrEqualTo(offset);
      loadedTo = range.to();
      windows.add(range.to() - offset - READ);
    }
    assertThat(windows.getFirst()).isEqualTo(WINDOW_BYTES_MIN);
    assertThat(windows.subList(0, windows.size() - 2)).isSorted();
    assertThat(windows).contains(WINDOW_BYTES_MAX);
    assertThat(loadedTo).isEqualTo(SIZE);
    // 1 GiB by 96 MiB, each asked for when half of the last is used up.
    assertThat(windows).hasSizeLessThan(30);
  }

  @Test
  void aLittleDisorderDoesNotStopIt() {
    readAhead.beforeRead(0, READ, SIZE, ReadAheadTest::ample);
    assertThat(readAhead.beforeRead(READ, READ, SIZE, ReadAheadTest::ample)).isNotNull();
    assertThat(readAhead.beforeRead(7 * READ, READ, SIZE, ReadAheadTest::ample)).isNotNull();
    assertThat(readAhead.beforeRead(6 * READ, READ, SIZE, ReadAheadTest::ample)).isNull();
    assertThat(readAhead.beforeRead(38 * READ, READ, SIZE, ReadAheadTest::ample)).isNull();
    assertThat(readAhead.beforeRead(70 * READ, READ, SIZE, ReadAheadTest::ample)).isNotNull();
    assertThat(readAhead.beforeRead(500 << 20, READ, SIZE, ReadAheadTest::ample)).isNull();
    assertThat(readAhead.beforeRead(13 * READ, READ, SIZE, ReadAheadTest::ample)).isNull();
  }

  @Test
  void nothingIsLoadedBehindTheEnd() {
    readAhead.beforeRead(0, READ, 2 * READ, ReadAheadTest::ample);
    assertThat(readAhead.beforeRead(READ, READ, 2 * READ, ReadAheadTest::ample)).isNull();
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
        .containsExactlyElementsOf(LongStream.range(1, 10).mapToObj(i -> i << 16).toList());
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
