package io.strata.tests.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.LeaseOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.CountedThreads;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import io.strata.store.metrics.MeteredStore;
import io.strata.store.metrics.StoreStats;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it costs to know that one is the owner. The clock is turned by hand. */
final class LeaseRequestsTest {
  private static final Caller CALLER = Caller.ROOT;
  private static final Duration TERM = LeaseOptions.DEFAULT.term();
  private static final int BYTES = 4 << 10;

  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final CountedThreads threads = new CountedThreads();
  private final Platform platform =
      new Platform(clock, new SplittableRandom(1), threads, threads);
  private final MeteredStore store = new MeteredStore(new MemStore(), clock);

  @BeforeEach
  void format() throws IOException {
    Volume.format(store, FormatOptions.DEFAULT, platform);
  }

  private Volume open(boolean standby) throws IOException, InterruptedException {
    OpenOptions options = OpenOptions.DEFAULT.withTimes(Duration.ofHours(1), Duration.ofHours(1));
    Volume volume =
        Volume.open(store, options.withLease(new LeaseOptions(TERM, standby)), platform);
    threads.awaitEnd();
    return volume;
  }

  private static Opened create(FileSystem files, String name) throws FsException {
    return files.create(
        CALLER, Ino.ROOT, FileName.of(name), new NewNode(0100644, 0), OpenFlags.READ_WRITE);
  }

  private static MemorySegment bytes() {
    return MemorySegment.ofArray(new byte[BYTES]);
  }

  @Test
  void theFirstOperationAfterAnIdleTimeAsksOnce() throws Exception {
    try (Volume volume = open(false)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      files.write(CALLER, file.handle(), 0, bytes(), false);
      files.sync(CALLER, file.handle(), false);
      for (int i = 0; i < 3; i++) {
        StoreStats before = store.snapshot();
        clock.advance(TERM.multipliedBy(10));
        assertThat(store.snapshot().since(before).requests()).as("idle").isZero();
        files.read(CALLER, file.handle(), 0, bytes());
        files.attributes(CALLER, Ino.ROOT);
        files.write(CALLER, file.handle(), 0, bytes(), false);
        StoreStats woken = store.snapshot().since(before);
        assertThat(woken.gets()).as("one question for all").isEqualTo(1);
        assertThat(woken.requests()).isEqualTo(1);
        files.sync(CALLER, file.handle(), false);
        assertThat(store.snapshot().since(before).requests()).as("and one put").isEqualTo(2);
      }
    }
  }

  @Test
  void whoSyncsWithinTheTermNeverAsks() throws Exception {
    try (Volume volume = open(false)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      files.sync(CALLER, file.handle(), false);
      StoreStats before = store.snapshot();
      int syncs = 20;
      for (int i = 0; i < syncs; i++) {
        clock.advance(TERM.minusMillis(1));
        files.write(CALLER, file.handle(), 0, bytes(), false);
        files.sync(CALLER, file.handle(), false);
      }
      StoreStats all = store.snapshot().since(before);
      assertThat(all.puts()).isEqualTo(syncs);
      assertThat(all.requests()).isEqualTo(syncs);
    }
  }

  @Test
  void aSyncThatPutsProvesItByThat() throws Exception {
    try (Volume volume = open(false)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      StoreStats before = store.snapshot();
      clock.advance(TERM.multipliedBy(2));
      files.sync(CALLER, file.handle(), false);
      files.read(CALLER, file.handle(), 0, bytes());
      assertThat(store.snapshot().since(before).requests()).isEqualTo(1);
    }
  }

  @Test
  void aColdReadIsOneGetMoreAfterAnIdleTime() throws Exception {
    try (Volume volume = open(false)) {
      FileSystem files = volume.fileSystem();
      Opened file = create(files, "file");
      for (int at = 0; at < 1 << 22; at += BYTES) {
        files.write(CALLER, file.handle(), at, bytes(), false);
      }
      files.release(file.handle());
    }
    try (Volume volume = open(false)) {
      FileSystem files = volume.fileSystem();
      Ino ino = files.lookup(CALLER, Ino.ROOT, FileName.of("file")).ino();
      long handle = files.open(CALLER, ino, OpenFlags.READ_ONLY);
      files.read(CALLER, handle, 2 << 20, bytes()); // its tree pages are in memory now
      StoreStats before = store.snapshot();
      files.read(CALLER, handle, 300 << 10, bytes());
      assertThat(store.snapshot().since(before).requests()).as("fresh").isEqualTo(1);
      clock.advance(TERM);
      StoreStats lapsed = store.snapshot();
      files.read(CALLER, handle, 1 << 20, bytes());
      StoreStats cold = store.snapshot().since(lapsed);
      assertThat(cold.gets()).as("lapsed").isEqualTo(2);
      assertThat(cold.requests()).isEqualTo(2);
      files.release(handle);
    }
  }

  @Test
  void whoPromisedToBeHeardPutsThreeEntriesATerm() throws Exception {
    try (Volume volume = open(true)) {
      StoreStats before = store.snapshot();
      Duration third = TERM.dividedBy(3);
      for (int i = 1; i <= 12; i++) {
        clock.advance(third);
        threads.awaitEnd();
        assertThat(store.snapshot().since(before).puts()).isEqualTo(i);
      }
      volume.fileSystem().attributes(CALLER, Ino.ROOT);
      StoreStats four = store.snapshot().since(before);
      assertThat(four.puts()).as("four terms").isEqualTo(12);
      assertThat(four.requests()).isEqualTo(12);
    }
  }
}
