package io.strata.tests.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.file.FileStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million files in little memory: this test's JVM may have a heap of 1 GiB, and the volume is
 * told to share out 512 MiB. The store is a folder, so that the bucket is not in the heap.
 */
final class MillionFilesTest {
  private static final Caller CALLER = Caller.ROOT;
  private static final int DIRECTORIES = 1000;
  private static final int FILES_EACH = 1000;

  @Test
  void aMillionFilesOpenInTenRequestsAndCheckpointWhatChanged(@TempDir Path folder)
      throws Exception {
    Platform platform = SystemPlatform.create();
    try (ObjectStore bucket = FileStore.open(folder.resolve("bucket"), platform);
        MeteredStore store = new MeteredStore(bucket, platform.clock())) {
      OpenOptions options =
          OpenOptions.DEFAULT.withLimits(VolumeLimits.forHeap(512L << 20));
      Volume.format(store, FormatOptions.DEFAULT, platform);
      List<Ino> some = new ArrayList<>();
      try (Volume volume = Volume.open(store, options, platform)) {
        create(volume.fileSystem(), some);
        volume.checkpoint();
        assertThat(volume.statistics().pageBytes())
            .as("tree pages in memory")
            .isLessThanOrEqualTo(options.limits().pageBytesMax());
      }

      StoreStats before = store.snapshot();
      try (Volume volume = Volume.open(store, options, platform)) {
        assertThat(store.snapshot().since(before).requests())
            .as("requests to open")
            .isLessThanOrEqualTo(10);
        assertThat(volume.fileSystem().spaceUse(CALLER).inodes())
            .isEqualTo(1L + DIRECTORIES + DIRECTORIES * FILES_EACH);

        long whole = treeBytes(volume);
        for (Ino ino : some) {
          volume.fileSystem().change(CALLER, ino, AttributeChange.mode(0600), 0);
        }
        volume.checkpoint();
        long written = volume.statistics().checkpointBytes();
        System.out.printf("tree: %d bytes; checkpoint after 100 changes: %d%n", whole, written);
        assertThat(written * 100).as("bytes of a checkpoint × 100").isLessThan(whole);
      }
    }
  }

  private static void create(FileSystem files, List<Ino> some) throws Exception {
    Random random = new Random(1);
    long start = System.nanoTime();
    for (int d = 0; d < DIRECTORIES; d++) {
      Ino directory =
          files
              .make(CALLER, Ino.ROOT, FileName.of("directory" + d), new NewNode(040755, 0))
              .ino();
      int chosen = random.nextInt(FILES_EACH);
      for (int f = 0; f < FILES_EACH; f++) {
        Ino ino =
            files
                .make(CALLER, directory, FileName.of("some-file-" + f), new NewNode(0100644, 0))
                .ino();
        // A hundred neighbours, as a program touches them: the tree's order is the creation's.
        if (d < 10 && f >= Math.min(chosen, FILES_EACH - 10) && some.size() < (d + 1) * 10) {
          some.add(ino);
        }
      }
    }
    System.out.printf(
        "%.0f files a second%n",
        DIRECTORIES * (double) FILES_EACH / ((System.nanoTime() - start) / 1e9));
  }

  private static long treeBytes(Volume volume) {
    return volume.statistics().treeBytes();
  }
}
