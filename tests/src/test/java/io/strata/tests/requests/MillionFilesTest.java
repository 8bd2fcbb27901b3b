package io.strata.tests.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.file.FileStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.lang.foreign.MemorySegment;
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

  private final List<Ino> neighbours = new ArrayList<>();
  private final List<Ino> scattered = new ArrayList<>();

  @Test
  void aMillionFilesOpenInTenRequestsAndCheckpointWhatChanged(@TempDir Path folder)
      throws Exception {
    Platform platform = SystemPlatform.create();
    try (ObjectStore bucket = FileStore.open(folder.resolve("bucket"), platform);
        MeteredStore store = new MeteredStore(bucket, platform.clock())) {
      OpenOptions options =
          OpenOptions.DEFAULT.withLimits(VolumeLimits.forHeap(512L << 20));
      Volume.format(store, FormatOptions.DEFAULT, platform);
      try (Volume volume = Volume.open(store, options, platform)) {
        create(volume.fileSystem());
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

        VolumeStatistics whole = volume.statistics();
        touch(volume, neighbours);
        VolumeStatistics near = volume.statistics();
        touch(volume, scattered);
        VolumeStatistics far = volume.statistics();
        System.out.printf(
            "tree: %d pages, %d bytes; after 100 changes side by side: %d, %d; far apart: %d, %d%n",
            whole.treePages(),
            whole.treeBytes(),
            near.checkpointPages(),
            near.checkpointBytes(),
            far.checkpointPages(),
            far.checkpointBytes());
        assertThat(near.checkpointBytes() * 100).as("near × 100").isLessThan(whole.treeBytes());
        // Each change far from the others costs a leaf and most of an inner page.
        assertThat(far.checkpointBytes() * 50).as("far × 50").isLessThan(whole.treeBytes());
      }
    }
  }

  private void create(FileSystem files) throws Exception {
    Random random = new Random(1);
    MemorySegment content = MemorySegment.ofArray(new byte[100]);
    long start = System.nanoTime();
    for (int d = 0; d < DIRECTORIES; d++) {
      Ino directory =
          files
              .make(CALLER, Ino.ROOT, FileName.of("directory" + d), new NewNode(040755, 0))
              .ino();
      int chosen = random.nextInt(FILES_EACH);
      for (int f = 0; f < FILES_EACH; f++) {
        // Names and places in segments differ, as they do in life: they hardly compress.
        Opened file =
            files.create(
                CALLER,
                directory,
                FileName.of("%016x".formatted(random.nextLong())),
                new NewNode(0100644, 0),
                OpenFlags.READ_WRITE);
        files.write(CALLER, file.handle(), 0, content.asSlice(0, 1 + random.nextInt(99)), false);
        files.release(file.handle());
        if (d == 500 && f < 100) {
          neighbours.add(file.attributes().ino());
        }
        // One here and one there: the worst that a hundred changes can do.
        if (f == chosen && d % 10 == 0) {
          scattered.add(file.attributes().ino());
        }
      }
    }
    System.out.printf(
        "%.0f files a second%n",
        DIRECTORIES * (double) FILES_EACH / ((System.nanoTime() - start) / 1e9));
  }

  private static void touch(Volume volume, List<Ino> files) throws Exception {
    assertThat(files).hasSize(100);
    for (Ino ino : files) {
      volume.fileSystem().change(CALLER, ino, AttributeChange.mode(0600), 0);
    }
    volume.checkpoint();
  }
}
