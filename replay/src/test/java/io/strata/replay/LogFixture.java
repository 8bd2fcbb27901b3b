package io.strata.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.VolumeId;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A volume with one log over a store in memory whose puts a test controls. */
final class LogFixture implements AutoCloseable {
  static final VolumeId VOLUME = new VolumeId(new UUID(0x1122334455667788L, 0x99aabbccddeeff00L));
  static final Epoch EPOCH = new Epoch(3);
  static final HeadReference HEAD = new HeadReference(17, 0xcafe0003);
  static final LogPosition START = LogPosition.start(EPOCH);

  /** Small enough that a test reaches every limit. */
  static final ReplaySizes SIZES = new ReplaySizes(1 << 10, 4, 4 << 10, Duration.ofMillis(20));

  final MemStore memory = new MemStore();
  final GatedStore store = new GatedStore(memory);
  final Platform platform = SystemPlatform.create();
  final OncePut once = new OncePut(store, platform);
  final CompletableFuture<ReplayFailure.Fenced> fenced = new CompletableFuture<>();
  final List<Long> stored = new CopyOnWriteArrayList<>();
  final CompletableFuture<StoreException> failing = new CompletableFuture<>();
  final LogReader reader = new LogReader(store, VOLUME, platform);
  final ReplayLog log;

  LogFixture() {
    this(EntryData.NONE, SIZES);
  }

  LogFixture(EntryData data, ReplaySizes sizes) {
    log = log(store, data, sizes);
  }

  /** Another log, on another store, which tells the same listener. */
  ReplayLog logOn(ObjectStore other) {
    return log(other, EntryData.NONE, SIZES);
  }

  private ReplayLog log(ObjectStore on, EntryData data, ReplaySizes sizes) {
    ReplayEvents events =
        new ReplayEvents() {
          @Override
          public void fenced(ReplayFailure.Fenced failure) {
            fenced.complete(failure);
          }

          @Override
          public void stored(long sentNanos) {
            stored.add(sentNanos);
          }

          @Override
          public void failing(StoreException cause) {
            failing.complete(cause);
          }
        };
    OncePut puts = new OncePut(on, platform);
    return new ReplayLog(on, puts, VOLUME, START, HEAD, data, sizes, platform, events);
  }

  long append(String group) throws ReplayFailure {
    return log.append(group.getBytes(UTF_8));
  }

  /** A caller that syncs on a thread of its own; completes with null or what sync threw. */
  CompletableFuture<@Nullable ReplayFailure> syncing(long group) {
    CompletableFuture<@Nullable ReplayFailure> outcome = new CompletableFuture<>();
    platform
        .waiting()
        .execute(
            () -> {
              try {
                log.sync(group);
                outcome.complete(null);
              } catch (ReplayFailure e) {
                outcome.complete(e);
              } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
              }
            });
    return outcome;
  }

  /** The groups that a reader finds, in order. */
  List<String> recovered() throws IOException {
    List<String> groups = new ArrayList<>();
    reader.readTail(
        START,
        HEAD,
        entry -> {
          groups.addAll(texts(entry));
          return true;
        });
    return groups;
  }

  static List<String> texts(LogEntry.Groups entry) {
    return entry.groups().stream().map(group -> new String(group, UTF_8)).toList();
  }

  static ObjectKey key(long sequence) {
    return new LogPosition(EPOCH, sequence).key();
  }

  @Override
  public void close() {
    store.open(Verb.PUT);
    log.close();
  }
}
