package io.strata.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SegmentFooterTest {
  private static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"));
  private static final Nonce NONCE = Nonce.of(new Epoch(1), 0x2a);

  @Test
  void goldenObject() throws StoreException {
    byte[] hello = {'h', 'e', 'l', 'l', 'o'};
    List<StoredBlock> blocks = List.of(StoredBlock.encode(hello, Codec.LZ4));
    SegmentFooter footer =
        new SegmentFooter(
            SegmentIndex.of(NONCE, 5, blocks, 1), List.of(new SummaryRun(7, 4096, 0, 5)));
    byte[] object = footer.object(VOLUME, blocks).toBytes();
    assertThat(object).hasSize((int) footer.index().objectLength());
    ByteBuffer payload =
        Frame.open(ByteBuffer.wrap(object), FrameKind.SEGMENT, VOLUME, ObjectNames.segment(NONCE));
    byte[] bytes = new byte[payload.remaining()];
    payload.get(bytes);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "68656c6c6f" // the block
                + "05000000" // its stored length
                + "00000000" // plain
                + "4cbb719a" // its CRC: that of "hello" is 0x9a71bb4c
                + "0700000000000000" // inode number
                + "0010000000000000" // file offset
                + "00000000" // logical offset
                + "05000000" // length
                + "01000000" // blocks
                + "01000000" // summary entries
                + "0500000000000000" // logical length
                + "05000000" // where the index is
                + "4322186c" // CRC of index and summary
                + "ff6b1b88" // CRC of UUID and name
                + "cb63e536"); // CRC of the tail
    assertThat(SegmentFooter.read(VOLUME, NONCE, ByteBuffer.wrap(object))).isEqualTo(footer);
  }

  @Property(tries = 100)
  void whatIsWrittenIsRead(
      @ForAll @IntRange(min = 0, max = 300_000) int length,
      @ForAll @IntRange(min = 0, max = 50) int runs)
      throws StoreException {
    SegmentFooter footer = footer(length, runs);
    ByteBuffer object = ByteBuffer.wrap(footer.object(VOLUME, blocks(length)).toBytes());
    assertThat(object.remaining()).isEqualTo(footer.index().objectLength());
    int needed = SegmentFooter.suffixLength(VOLUME, NONCE, object);
    ByteBuffer suffix = object.slice(object.limit() - needed, needed);
    assertThat(SegmentFooter.read(VOLUME, NONCE, suffix)).isEqualTo(footer);
    assertThat(SegmentIndex.decode(footer.index().encode())).isEqualTo(footer.index());
  }

  @Test
  void everyFlippedByteOfTheFooterIsFound() {
    SegmentFooter footer = footer(200_000, 3);
    byte[] object = footer.object(VOLUME, blocks(200_000)).toBytes();
    int end = object.length - Frame.TRAILER_BYTES;
    for (int at = end - SegmentFooter.length(4, 3); at < end; at++) {
      byte[] damaged = object.clone();
      damaged[at] ^= 0x40;
      assertThatThrownBy(() -> SegmentFooter.read(VOLUME, NONCE, ByteBuffer.wrap(damaged)))
          .isInstanceOf(StoreException.Corrupt.class)
          .hasMessageContaining(ObjectNames.segment(NONCE).value());
    }
  }

  @Test
  void anObjectUnderAnotherNameOrOfAnotherVolumeIsFoundByItsEndAlone() {
    byte[] object = footer(1000, 1).object(VOLUME, blocks(1000)).toBytes();
    Nonce other = Nonce.of(new Epoch(1), 0x2b);
    assertThatThrownBy(() -> SegmentFooter.read(VOLUME, other, ByteBuffer.wrap(object)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining("another name or volume");
    VolumeId stranger = new VolumeId(new UUID(1, 2));
    assertThatThrownBy(() -> SegmentFooter.read(stranger, NONCE, ByteBuffer.wrap(object)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining("another name or volume");
  }

  @Property(tries = 100)
  void anObjectThatWasCutOffIsFound(@ForAll @IntRange(min = 0, max = 1199) int length) {
    byte[] object = footer(1000, 1).object(VOLUME, blocks(1000)).toBytes();
    int cut = Math.min(length, object.length - 1);
    assertThatThrownBy(() -> SegmentFooter.read(VOLUME, NONCE, ByteBuffer.wrap(object, 0, cut)))
        .isInstanceOf(StoreException.Corrupt.class);
  }

  @Test
  void valuesThatAreNoIndexAreRefused() {
    byte[] good = footer(200_000, 3).index().encode();
    List<byte[]> bad = new ArrayList<>();
    bad.add(new byte[0]);
    bad.add(Arrays.copyOf(good, good.length - 1));
    bad.add(Arrays.copyOf(good, good.length + 12));
    bad.add(with(good, 28, 9)); // an unknown codec
    bad.add(with(good, 29, 1)); // a byte that is zero
    bad.add(with(good, 26, 0x7f)); // a block longer than a block
    bad.add(with(good, 15, 0x80)); // a negative length
    for (byte[] value : bad) {
      assertThatThrownBy(() -> SegmentIndex.decode(value))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static SegmentFooter footer(int length, int runs) {
    List<SummaryRun> summary = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      summary.add(new SummaryRun(-i, 1L << 40 | i, 0xffff_0000L + i, i + 1));
    }
    return new SegmentFooter(SegmentIndex.of(NONCE, length, blocks(length), runs), summary);
  }

  private static List<StoredBlock> blocks(int length) {
    List<StoredBlock> blocks = new ArrayList<>();
    for (int at = 0; at < length; at += SegmentFormat.BLOCK_BYTES) {
      byte[] raw = new byte[Math.min(SegmentFormat.BLOCK_BYTES, length - at)];
      raw[0] = (byte) at;
      blocks.add(StoredBlock.encode(raw, at % 3 == 0 ? Codec.LZ4 : Codec.PLAIN));
    }
    return blocks;
  }
}
