package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.btree.PageAddress;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairOptions;
import io.strata.fsck.RepairReport;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * A repair may be killed at any request, before or after it has taken effect, and run again: then
 * the volume is what an undisturbed repair makes of it, and nothing was overwritten or deleted.
 *
 * <p>By default some requests of each repair are tried; {@code -Dstrata.crash.each=1} tries all.
 */
class RepairCrashTest {
  private static final int EACH = Integer.getInteger("strata.crash.each", 29);

  /** Of what is made, the epoch of the golden volume is the last before repairs. */
  private static final int GOLDEN_EPOCH = 4;

  private static final RepairOptions OPTIONS =
      new RepairOptions(FsckOptions.DEFAULT.withData(true), false, true);

  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));

  /** Damages a bucket. */
  @FunctionalInterface
  private interface Damager {
    void damage(MemStore bucket) throws IOException;
  }

  @Test
  void rootPage() throws Exception {
    crashEverywhere(
        bucket -> {
          PageAddress root = Objects.requireNonNull(newestHead(bucket).root());
          flip(bucket, ObjectNames.pack(new Nonce(root.pack())), root.offset() + 20);
        });
  }

  @Test
  void newestHeadAndASegment() throws Exception {
    crashEverywhere(
        bucket -> {
          flip(bucket, ObjectNames.head(newestHead(bucket).number()), 200);
          flip(bucket, ObjectNames.segment(Nonce.of(new Epoch(2), 0)), 5000);
        });
  }

  @Test
  void logEntry() throws Exception {
    crashEverywhere(bucket -> flip(bucket, newestHead(bucket).replayFrom().next().key(), 120));
  }

  private void crashEverywhere(Damager damager) throws Exception {
    Archive archive = Archive.version1();
    MemStore damaged = archive.bucket().copy();
    damager.damage(damaged);
    MemStore whole = damaged.copy();
    FaultStore counting = new FaultStore(whole, request -> Fault.PASS);
    RepairReport undisturbed = Fsck.repair(counting, OPTIONS, platform);
    assertThat(Objects.requireNonNull(undisturbed.after()).clean()).isTrue();
    Map<String, String> expected = files(whole);
    for (long at = 1; at <= counting.requests(); at += EACH) {
      for (Fault fault : List.of(Fault.CRASH_BEFORE, Fault.CRASH_AFTER)) {
        String what = "%s at request %d of %d".formatted(fault.kind(), at, counting.requests());
        MemStore bucket = damaged.copy();
        crash(bucket, at, fault);
        MemStore left = bucket.copy();
        RepairReport again = Fsck.repair(left, OPTIONS, platform);
        assertThat(again.refused()).as(what).isNull();
        FsckReport after = Fsck.check(left, OPTIONS.check(), platform);
        assertThat(after.errors()).as("%s: %s", what, after.findings()).isZero();
        assertThat(files(left)).as(what).isEqualTo(expected);
        requireKept(damaged, left, what);
      }
    }
  }

  /** Repairs over a store that dies at a request. */
  private void crash(MemStore bucket, long at, Fault fault) throws Exception {
    AtomicReference<Thread> repairing = new AtomicReference<>();
    FaultStore store =
        new FaultStore(
            bucket,
            request -> {
              if (request.sequence() != at) {
                return Fault.PASS;
              }
              Objects.requireNonNull(repairing.get()).interrupt();
              return fault;
            });
    Thread thread =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  try {
                    repair(store);
                  } catch (IOException | InterruptedException crashed) {
                    assertThat(store.crashed()).isTrue();
                  }
                });
    repairing.set(thread);
    thread.start();
    thread.join();
    store.crash();
  }

  private void repair(ObjectStore store) throws IOException, InterruptedException {
    Fsck.repair(store, OPTIONS, platform);
  }

  private static void requireKept(MemStore before, MemStore now, String what) throws IOException {
    for (ObjectKey key : before.keys()) {
      assertThat(Arrays.equals(Archive.bytes(now, key), Archive.bytes(before, key)))
          .as("%s: %s is as it was", what, key)
          .isTrue();
    }
  }

  /** What is seen of every inode that no repair has made. */
  private Map<String, String> files(MemStore bucket) throws Exception {
    Map<String, String> files = new TreeMap<>();
    try (Volume volume =
        Volume.open(bucket.copy(), GoldenMaker.options().withReadOnly(true), platform)) {
      for (String line : Manifest.of(volume.fileSystem()).lines().skip(1).toList()) {
        String[] parts = line.split(" ino=", 2);
        String ino = parts[1].substring(0, parts[1].indexOf(' '));
        if (Long.parseLong(ino) >>> 40 <= GOLDEN_EPOCH) {
          files.merge(ino, parts[1], (one, other) -> one + " " + other);
        }
      }
    }
    return files;
  }

  private static void flip(MemStore bucket, ObjectKey key, int at) throws IOException {
    byte[] bytes = Archive.bytes(bucket, key);
    bytes[at] ^= 1;
    bucket.put(key, bytes);
  }

  private static Head newestHead(MemStore bucket) throws IOException {
    ObjectKey last =
        bucket.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.HEADS))
            .reduce((first, second) -> second)
            .orElseThrow();
    long number = Long.parseLong(last.value().substring(ObjectNames.HEADS.length()), 16);
    return HeadCodec.open(
            VolumeCodec.open(ByteBuffer.wrap(Archive.bytes(bucket, ObjectNames.VOLUME))).id(),
            number,
            ByteBuffer.wrap(Archive.bytes(bucket, last)))
        .head();
  }
}
