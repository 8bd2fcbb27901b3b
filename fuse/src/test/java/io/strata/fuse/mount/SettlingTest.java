package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.Ino;
import io.strata.fuse.fake.Hindrance;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was written before a mount settles is with the filesystem after it, though writes are slow. */
@Timeout(120)
class SettlingTest {
  private static final int FILES = 40;
  private static final int FILE_BYTES = 3 << 20;

  @TempDir private Path directory;

  @BeforeAll
  static void usable() {
    MountedFake.assumeUsable();
  }

  /** Takes its time for each change, on the thread that brings it or on one that may wait. */
  private record SlowChanges(boolean waiting, Duration each, AtomicLong writes)
      implements Hindrance {
    @Override
    public void before(String operation, Caller caller, Ino ino) throws FsException {
      if (waiting && !caller.mayWait()) {
        throw new WouldBlock();
      }
      LockSupport.parkNanos(each.toNanos());
      if (operation.equals("write")) {
        writes.incrementAndGet();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,false", "2,false", "8,false", "2,true"})
  void whatWasWrittenHasArrived(int readers, boolean waiting) throws Exception {
    SlowChanges slow = new SlowChanges(waiting, Duration.ofMillis(5), new AtomicLong());
    MountOptions options = MountOptions.of("mem:test").withReaders(readers);
    try (MountedFake mounted = MountedFake.on(directory, options, slow)) {
      List<FileChannel> open = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        open.add(
            FileChannel.open(
                directory.resolve("f" + i), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
      }
      byte[] content = new byte[FILE_BYTES];
      for (byte round = 1; round <= 3; round++) {
        Arrays.fill(content, round);
        for (FileChannel file : open) {
          file.write(ByteBuffer.wrap(content), 0);
        }

        mounted.mount.settle();

        long arrived = slow.writes.get();
        for (int i = 0; i < FILES; i++) {
          byte[] found = mounted.fileSystem.content("f" + i);
          assertThat(Arrays.mismatch(found, content)).as("f" + i).isEqualTo(-1);
        }
        Thread.sleep(50);
        assertThat(slow.writes).as("writes after it").hasValue(arrived);
      }
      for (FileChannel file : open) {
        file.close();
      }
    }
  }

  /** Linux keeps writes to a file to itself while the file's length changes. */
  @Test
  void whatIsHeldBackForATruncationArrivesToo() throws Exception {
    SlowChanges slow = new SlowChanges(false, Duration.ofMillis(3), new AtomicLong());
    byte[] content = new byte[1 << 20];
    try (MountedFake mounted = MountedFake.on(directory, MountOptions.of("mem:test"), slow);
        RandomAccessFile file = new RandomAccessFile(directory.resolve("f").toFile(), "rw")) {
      AtomicBoolean ends = new AtomicBoolean();
      CompletableFuture<Void> truncating =
          CompletableFuture.runAsync(
              () -> {
                for (int longer = 0; !ends.get(); longer = 1 - longer) {
                  truncate(file, content.length + longer);
                }
              });
      for (int round = 1; round <= 100; round++) {
        Arrays.fill(content, (byte) round);
        file.getChannel().write(ByteBuffer.wrap(content), 0);
        mounted.mount.settle();
        byte[] arrived = Arrays.copyOf(mounted.fileSystem.content("f"), content.length);
        assertThat(Arrays.mismatch(arrived, content)).as("round " + round).isEqualTo(-1);
      }
      ends.set(true);
      truncating.join();
    }
  }

  private static void truncate(RandomAccessFile file, long length) {
    try {
      file.setLength(length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
