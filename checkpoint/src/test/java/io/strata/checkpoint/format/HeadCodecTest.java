package io.strata.checkpoint.format;

import static io.strata.checkpoint.format.Samples.VOLUME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.Collected;
import io.strata.checkpoint.Retention;
import io.strata.checkpoint.SnapshotChange;
import io.strata.checkpoint.Succession;
import io.strata.checkpoint.TreeState;
import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class HeadCodecTest {
  private static final Head HEAD = Samples.head();

  /** The bytes that docs/format.md shows; they must never change. */
  @Test
  void goldenHead() throws Exception {
    String golden =
        """
        5354524154410d0a 02 01 1500 3a57d249
        00112233445566778899aabbccddeeff
        2f02000000000000
        686561642f30303030303030303030303030303061 000000
        0a00000000000000 02000000 00000000 04030201
        0900000000000000 0900feca
        00d2496b00000000 15cd5b07
        0700000002000000 40000000 2c010000 cefaedfe
        e803000000000000 0000004000000000 2800000000000000 20a1070000000000
        0c00000000000000
        02000000 1100000000000000
        01000000 0200000000000000
        0600 686f73742d61 0600 626f6f742d31 6712000000000000 6300000000000000
        0102030405060708090a0b0c0d0e0f10
        2400 737472617461206d6f756e74206f6e20686f73742d612c2070726f636573732034373131
        01000000 01000000 0100000000000000 0100feca 0300000000000000 0500000000000000
        02000000
        0800000000000000 a8cf496b00000000 15cd5b07
        0000000000000000 00000000 00000000 00000000
        0000000000000000 0000000000000000 0000000000000000 0000000000000000
        01000000 0000000000000000
        0900000000000000 f6d1496b00000000 15cd5b07
        0700000002000000 40000000 2c010000 cefaedfe
        e803000000000000 0000004000000000 2800000000000000 20a1070000000000
        02000000 0000000000000000
        01000000 0e00 6265666f72652d75706772616465
        0800000000000000 a8cf496b00000000 15cd5b07
        0000000000000000 00000000 00000000 00000000
        0000000000000000 0000000000000000 0000000000000000 0000000000000000
        01000000 0000000000000000
        02000000 0600000000000000 0700000000000000
        05000000 0ec7a408 6361727279
        516b292e 00000000 0d0a415441525453
        """;
    byte[] whole = HeadCodec.frame(VOLUME, HEAD).toBytes();
    assertThat(HexFormat.of().formatHex(whole)).isEqualTo(golden.replaceAll("\\s", ""));
    StoredHead read = HeadCodec.open(VOLUME, HEAD.number(), ByteBuffer.wrap(whole));
    assertThat(read.head()).isEqualTo(HEAD);
    assertThat(read).isEqualTo(StoredHead.of(HEAD));
  }

  /** What heads of volumes with something in common have at their end, and others do not. */
  @Test
  void whatIsSharedStandsAtTheEnd() throws Exception {
    Neighbour clone = new Neighbour(new VolumeId(new UUID(1, 2)), new Place("../b"));
    Head sharing =
        Succession.cloned(
            StoredHead.of(HEAD),
            new Lineage(
                List.of(
                    new Ancestor(
                        new Epoch(2), new VolumeId(new UUID(3, 4)), new Place("../a")))),
            HEAD.owner(),
            HEAD.time());
    sharing =
        new Succession(Retention.DEFAULT)
            .checkpoint(
                StoredHead.of(sharing),
                new TreeState(
                    sharing.root(),
                    sharing.counters(),
                    sharing.replayFrom(),
                    sharing.carry(),
                    0),
                HeadState.OPEN,
                Map.of(),
                SnapshotChange.keepFor(clone, null),
                HEAD.time(),
                Collected.nothing(sharing));
    byte[] whole = HeadCodec.frame(VOLUME, sharing).toBytes();
    String golden =
        """
        01000000 02000000 00000000000000030000000000000004 0400 2e2e2f61
        01000000
        2a00 636c6f6e652d30303030303030302d303030302d303030312d303030302d303030303030303030303032
        00000000000000010000000000000002 0400 2e2e2f62
        """
            .replaceAll("\\s", "");
    String hex = HexFormat.of().formatHex(whole);
    assertThat(hex.substring(0, hex.length() - 2 * Frame.TRAILER_BYTES)).endsWith(golden);
    StoredHead read = HeadCodec.open(VOLUME, 12, ByteBuffer.wrap(whole));
    assertThat(read.head()).isEqualTo(sharing);
    assertThat(read.head().predecessorCrc()).isNotZero();
    assertThat(read.head().lineage().volume(Nonce.of(new Epoch(2), 1), VOLUME))
        .isEqualTo(new VolumeId(new UUID(3, 4)));
  }

  /** Heads without one end where they always did. */
  @Test
  void aScheduleStandsAtTheEndAndIsHandedOn() throws Exception {
    Succession succession = new Succession(Retention.DEFAULT);
    List<KeepRule> rules =
        List.of(new KeepRule(Duration.ofHours(1), 24), new KeepRule(Duration.ofDays(1), 7));
    Head first = Succession.first(HEAD.owner(), HEAD.time());
    Head scheduled = next(succession, first, SnapshotChange.schedule(rules));
    byte[] whole = HeadCodec.frame(VOLUME, scheduled).toBytes();
    String hex = HexFormat.of().formatHex(whole);
    assertThat(hex.substring(0, hex.length() - 2 * Frame.TRAILER_BYTES))
        .endsWith(
            "00000000" + "00000000" + "02000000" + "100e000000000000" + "18000000"
                + "8051010000000000" + "07000000");
    assertThat(HeadCodec.open(VOLUME, 2, ByteBuffer.wrap(whole)).head()).isEqualTo(scheduled);

    Head later =
        succession.takeOver(
            StoredHead.of(next(succession, scheduled, SnapshotChange.create("a"))),
            HEAD.owner(),
            HEAD.time(),
            Collected.nothing(scheduled));
    assertThat(later.schedule()).isEqualTo(rules);
    Head off = next(succession, scheduled, SnapshotChange.schedule(List.of()));
    Head kept = next(succession, scheduled, SnapshotChange.NONE);
    assertThat(HeadCodec.frame(VOLUME, kept).toBytes())
        .hasSize(HeadCodec.frame(VOLUME, off).toBytes().length + 3 * 4 + 2 * 12);
    assertThatThrownBy(() -> new KeepRule(Duration.ofSeconds(59), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new KeepRule(Duration.ofHours(1), 501))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Head next(Succession succession, Head before, SnapshotChange change) {
    return succession.checkpoint(
        StoredHead.of(before),
        new TreeState(
            before.root(), before.counters(), before.replayFrom(), before.carry(), 0),
        HeadState.OPEN,
        Map.of(),
        change,
        HEAD.time(),
        Collected.nothing(before));
  }

  @Test
  void aHeadPutBackUnderAnotherNumberIsFoundOut() {
    byte[] whole = HeadCodec.frame(VOLUME, HEAD).toBytes();
    assertThatThrownBy(() -> HeadCodec.open(VOLUME, 11, ByteBuffer.wrap(whole)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(ObjectNames.head(11).value())
        .hasMessageContaining(ObjectNames.head(10).value());
  }

  @Test
  void everyFlippedBitIsFoundOut() {
    byte[] whole = HeadCodec.frame(VOLUME, HEAD).toBytes();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> HeadCodec.open(VOLUME, HEAD.number(), ByteBuffer.wrap(damaged)))
          .describedAs("bit %d", bit)
          .isInstanceOfAny(StoreException.Corrupt.class, StoreException.TooNew.class);
    }
  }

  /** Damage that the frame's checksum does not show, as a faulty writer would leave it. */
  @Property(tries = 2000)
  void damageInsideTheFrameIsNeverAnythingButCorrupt(
      @ForAll @IntRange(min = 0, max = 1 << 20) int at, @ForAll byte value) {
    ByteBuffer payload = HeadCodec.encode(HEAD);
    payload.put(at % payload.remaining(), value);
    byte[] whole =
        Frame.wrap(FrameKind.HEAD, VOLUME, ObjectNames.head(HEAD.number()), List.of(payload))
            .toBytes();
    try {
      HeadCodec.open(VOLUME, HEAD.number(), ByteBuffer.wrap(whole));
    } catch (StoreException.Corrupt e) {
      assertThat(e).hasMessageContaining(ObjectNames.head(HEAD.number()).value());
    } catch (StoreException e) {
      throw new AssertionError("damage reported as " + e, e);
    }
  }
}
