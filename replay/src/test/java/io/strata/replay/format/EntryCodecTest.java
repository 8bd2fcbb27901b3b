package io.strata.replay.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EntryCodecTest {
  private static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
  private static final Epoch EPOCH = new Epoch(2);
  private static final LogPosition POSITION = new LogPosition(EPOCH, 5);
  private static final HeadReference HEAD = new HeadReference(7, 0xdeadbeef);

  static LogEntry.Groups example() {
    return new LogEntry.Groups(
        POSITION,
        HEAD,
        41,
        List.of(new Dependency(Nonce.of(EPOCH, 9), 65536)),
        List.of("mkdir".getBytes(UTF_8), "write".getBytes(UTF_8)),
        List.of(
            new InlineRun(Nonce.of(EPOCH, 10), 4096, ByteBuffer.wrap("hello".getBytes(UTF_8)))));
  }

  /** The bytes that docs/format.md shows; they must never change. */
  @Test
  void goldenEntry() throws Exception {
    String golden =
        """
        5354524154410d0a 03 01 1d00 897c0f0c
        00112233445566778899aabbccddeeff
        7f00000000000000
        6c6f672f30303030303030322f30303030303030303030303030303035 000000

        0500000000000000 02000000 00000000 0700000000000000 efbeadde
        01000000 02000000 01000000 2900000000000000 00 000000 47000000
        0900000002000000 0000010000000000
        05000000 16572bba 6d6b646972
        05000000 d8fa8a7a 7772697465
        0a00000002000000 0010000000000000 05000000 4cbb719a 68656c6c6f

        0fac1118 00000000 0d0a415441525453
        """;
    byte[] whole = EntryCodec.frame(VOLUME, example()).toBytes();
    assertThat(HexFormat.of().formatHex(whole)).isEqualTo(golden.replaceAll("\\s", ""));
    assertSame(EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(whole)), example());
  }

  @Test
  void goldenFence() throws Exception {
    LogEntry.Fence fence = new LogEntry.Fence(POSITION, HEAD, new Epoch(3), "h2, process 17");
    byte[] whole = EntryCodec.frame(VOLUME, fence).toBytes();
    ByteBuffer payload = Frame.open(ByteBuffer.wrap(whole), FrameKind.LOG, VOLUME, POSITION.key());
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            """
            0500000000000000 02000000 01000000 0700000000000000 efbeadde
            00000000 00000000 00000000 0000000000000000 00 000000 14000000
            03000000 0e00 68322c2070726f63657373203137
            """
                .replaceAll("\\s", ""));
    assertThat(EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(whole))).isEqualTo(fence);
  }

  @Test
  void goldenTurn() throws Exception {
    LogEntry.Turn turn = new LogEntry.Turn(POSITION, HEAD, 41, 12);
    byte[] whole = EntryCodec.frame(VOLUME, turn).toBytes();
    ByteBuffer payload = Frame.open(ByteBuffer.wrap(whole), FrameKind.LOG, VOLUME, POSITION.key());
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            """
            0500000000000000 02000000 03000000 0700000000000000 efbeadde
            00000000 00000000 00000000 2900000000000000 00000000 08000000
            0c00000000000000"""
                .replaceAll("\\s", ""));
    assertThat(EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(whole))).isEqualTo(turn);
  }

  @Test
  void bodiesThatShrinkAreCompressed() throws Exception {
    LogEntry.Groups entry =
        new LogEntry.Groups(POSITION, HEAD, 1, List.of(), List.of(new byte[100_000]), List.of());
    byte[] whole = EntryCodec.frame(VOLUME, entry).toBytes();
    assertThat(whole.length).isLessThan(1000);
    assertSame(EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(whole)), entry);
  }

  @Test
  void bodiesThatDoNotShrinkAreStoredPlain() throws Exception {
    byte[] noise = new byte[100_000];
    new Random(7).nextBytes(noise);
    LogEntry.Groups entry =
        new LogEntry.Groups(POSITION, HEAD, 1, List.of(), List.of(noise), List.of());
    byte[] whole = EntryCodec.frame(VOLUME, entry).toBytes();
    assertThat(whole.length).isBetween(noise.length, noise.length + 200);
    assertSame(EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(whole)), entry);
  }

  @Test
  void anEntryPutBackUnderAnotherNameIsFoundOut() {
    byte[] whole = EntryCodec.frame(VOLUME, example()).toBytes();
    LogPosition other = POSITION.next();
    assertThatThrownBy(() -> EntryCodec.open(VOLUME, other, ByteBuffer.wrap(whole)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(other.key().value())
        .hasMessageContaining(POSITION.key().value());
  }

  @Test
  void everyFlippedBitIsFoundOut() {
    byte[] whole = EntryCodec.frame(VOLUME, example()).toBytes();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> EntryCodec.open(VOLUME, POSITION, ByteBuffer.wrap(damaged)))
          .describedAs("bit %d", bit)
          .isInstanceOfAny(StoreException.Corrupt.class, StoreException.TooNew.class)
          .hasMessageContaining(POSITION.key().value());
    }
  }

  @Test
  void everyTruncationIsFoundOut() {
    byte[] whole = EntryCodec.frame(VOLUME, example()).toBytes();
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
      assertThatThrownBy(() -> EntryCodec.open(VOLUME, POSITION, cut))
          .isInstanceOf(StoreException.Corrupt.class);
    }
  }

  /** Fields are in records of arrays and buffers, which have no useful equality. */
  static void assertSame(LogEntry.Stored actual, LogEntry.Groups expected) {
    assertThat(actual).isInstanceOf(LogEntry.Groups.class);
    LogEntry.Groups found = (LogEntry.Groups) actual;
    assertThat(found.position()).isEqualTo(expected.position());
    assertThat(found.head()).isEqualTo(expected.head());
    assertThat(found.firstGroup()).isEqualTo(expected.firstGroup());
    assertThat(found.dependencies()).isEqualTo(expected.dependencies());
    assertThat(found.groups()).usingElementComparator(Arrays::compare).isEqualTo(expected.groups());
    assertThat(found.inline()).isEqualTo(expected.inline());
  }
}
