package io.strata.fs.posix;

import static io.strata.fs.posix.TestVolume.USER;
import static io.strata.fs.posix.TestVolume.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.NewNode;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.OpenFlags;
import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many threads at once leave a sound tree and lose nothing. */
class ConcurrencyTest {
  private static final int THREADS = 8;

  private final TestVolume volume = new TestVolume();

  /** What one thread does. */
  @FunctionalInterface
  private interface Work {
    void run(int thread) throws Exception;
  }

  @Test
  void appendsDoNotOverwriteEachOther() throws Exception {
    Ino file = volume.file(Ino.ROOT, "f");
    int rounds = 300;
    together(
        thread -> {
          long handle = volume.open(file);
          byte[] record = new byte[10];
          Arrays.fill(record, (byte) thread);
          for (int i = 0; i < rounds; i++) {
            long offset = volume.files.append(USER, handle, MemorySegment.ofArray(record));
            assertThat(offset % 10).isZero();
          }
          volume.files.release(handle);
        });
    byte[] all = volume.read(volume.open(file), 0, 1 << 20);
    assertThat(all).hasSize(THREADS * rounds * 10);
    int[] counts = new int[THREADS];
    for (int i = 0; i < all.length; i += 10) {
      counts[all[i]]++;
      for (int j = 1; j < 10; j++) {
        assertThat(all[i + j]).isEqualTo(all[i]);
      }
    }
    assertThat(counts).containsOnly(rounds);
    volume.check();
  }

  @Test
  void filesThatAreOpenedAndRemovedAtOnceAreGoneInTheEnd() throws Exception {
    NewNode node = new NewNode(0100600, 0);
    together(
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < 500; i++) {
            var name = name("f" + random.nextInt(3));
            try {
              if (random.nextInt(3) == 0) {
                volume.files.unlink(USER, Ino.ROOT, name);
              } else {
                Opened opened =
                    volume.files.create(USER, Ino.ROOT, name, node, OpenFlags.READ_WRITE);
                volume.write(opened.handle(), i, "x");
                assertThat(volume.read(opened.handle(), i, 1)).isEqualTo(new byte[] {'x'});
                volume.files.release(opened.handle());
              }
            } catch (FsException e) {
              assertThat(e.errno()).isEqualTo(Errno.ENOENT);
            }
          }
        });
    volume.engine.runBackground();
    for (String left : volume.list(Ino.ROOT)) {
      if (left.length() == 2 && left.startsWith("f")) {
        volume.files.unlink(USER, Ino.ROOT, name(left));
      }
    }
    volume.check();
    assertThat(volume.files.spaceUse(USER)).isEqualTo(new SpaceUse(1L << 50, 0, 1));
  }

  @Test
  void directoriesMovedAtOnceStayATree() throws Exception {
    List<Ino> directories = new ArrayList<>(List.of(Ino.ROOT));
    for (int i = 0; i < 6; i++) {
      directories.add(volume.directory(Ino.ROOT, "d" + i));
    }
    together(
        thread -> {
          Random random = new Random(thread);
          for (int i = 0; i < 500; i++) {
            try {
              volume.files.rename(
                  USER,
                  directories.get(random.nextInt(directories.size())),
                  name("d" + random.nextInt(6)),
                  directories.get(random.nextInt(directories.size())),
                  name("d" + random.nextInt(6)),
                  random.nextBoolean() ? RenameMode.EXCHANGE : RenameMode.NO_REPLACE);
            } catch (FsException e) {
              assertThat(e.errno()).isIn(Errno.ENOENT, Errno.EINVAL, Errno.EEXIST);
            }
          }
        });
    volume.check();
    for (Ino directory : directories) {
      Ino at = directory;
      for (int depth = 0; !at.equals(Ino.ROOT); depth++) {
        assertThat(depth).isLessThan(10);
        at = volume.files.parent(USER, at).ino();
      }
    }
  }

  private static void together(Work work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        running.add(
            threads.submit(
                () -> {
                  work.run(thread);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        try {
          one.get();
        } catch (ExecutionException e) {
          throw new AssertionError(e.getCause());
        }
      }
    }
  }
}
