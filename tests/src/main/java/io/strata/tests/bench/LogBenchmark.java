package io.strata.tests.bench;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.EntryData;
import io.strata.replay.ReplayEvents;
import io.strata.replay.ReplayFailure;
import io.strata.replay.ReplayLog;
import io.strata.replay.ReplaySizes;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Groups as an operation makes them, taken by a log over a store in memory. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LogBenchmark {
  private final byte[] group = new byte[200];
  private final Platform platform = SystemPlatform.create();
  private ObjectStore store = new MemStore();
  private ReplayLog log = open();

  private ReplayLog open() {
    return new ReplayLog(
        store,
        new OncePut(store, platform),
        new VolumeId(new UUID(1, 2)),
        LogPosition.start(new Epoch(1)),
        new HeadReference(1, 0),
        EntryData.NONE,
        ReplaySizes.DEFAULT,
        platform,
        ReplayEvents.NONE);
  }

  /** Begins a log in an empty store, or memory would not suffice. */
  @Setup(Level.Iteration)
  public void begin() {
    store = new MemStore();
    log = open();
  }

  /** Gives up what is on its way. */
  @TearDown(Level.Iteration)
  public void end() {
    log.close();
  }

  /** Appends a group, waiting as writers do when too much is not durable. */
  @Benchmark
  public long append() throws ReplayFailure {
    log.admit();
    return log.append(group);
  }

  /** Makes a group durable alone: an entry, a put, and the threads between. */
  @Benchmark
  public void sync() throws ReplayFailure {
    log.sync(log.append(group));
  }
}
