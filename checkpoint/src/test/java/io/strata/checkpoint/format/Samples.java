package io.strata.checkpoint.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.strata.btree.PageAddress;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/** A volume to test with. */
public final class Samples {
  public static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));

  public static final Instant TIME = Instant.ofEpochSecond(1_800_000_000L, 123_456_789);

  public static final Owner OWNER =
      new Owner(
          "host-a",
          "boot-1",
          4711,
          99,
          UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f10"),
          "strata mount on host-a, process 4711");

  private static final PageAddress ROOT =
      new PageAddress(0x0000_0002_0000_0007L, 64, 300, 0xfeedface);

  private Samples() {}

  /** A head with something in every field. */
  public static Head head() {
    Epoch epoch = new Epoch(2);
    TreeCounters counters = new TreeCounters(1000, 1 << 30, 40, 500_000);
    RetainedCheckpoint older =
        new RetainedCheckpoint(
            8, TIME.minusSeconds(600), null, TreeCounters.ZERO, LogPosition.start(new Epoch(1)));
    RetainedCheckpoint old =
        new RetainedCheckpoint(9, TIME.minusSeconds(10), ROOT, counters, LogPosition.start(epoch));
    return new Head(
        10,
        epoch,
        OWNER,
        TIME,
        HeadState.OPEN,
        0x01020304,
        new HeadReference(9, 0xcafe0009),
        ROOT,
        counters,
        new LogPosition(epoch, 17),
        List.of(
            new LogRange(new Epoch(1), new HeadReference(1, 0xcafe0001), 3, OptionalLong.of(5))),
        ByteBuffer.wrap("carry".getBytes(UTF_8)),
        12,
        List.of(older, old),
        List.of(new NamedSnapshot("before-upgrade", older)),
        new HeadGarbage(new LogPosition(new Epoch(1), 2), List.of(6L, 7L)),
        Lineage.NONE,
        List.of());
  }
}
