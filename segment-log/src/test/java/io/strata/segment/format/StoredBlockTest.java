package io.strata.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StoredBlockTest {
  private static final Nonce NONCE = Nonce.of(new Epoch(3), 4);

  @Property(tries = 300)
  void whatIsEncodedDecodesAndNeverGrows(
      @ForAll Codec codec, @ForAll @IntRange(min = 1, max = 65536) int length, @ForAll long seed)
      throws StoreException {
    byte[] raw = bytes(seed, length, (int) (seed & 7) + 1);
    StoredBlock stored = StoredBlock.encode(raw, codec);
    assertThat(stored.bytes().length).isLessThanOrEqualTo(length);
    assertThat(StoredBlock.decode(index(raw, stored), 0, ByteBuffer.wrap(stored.bytes())))
        .isEqualTo(raw);
  }

  @Property(tries = 300)
  void everyFlippedBitIsFound(
      @ForAll Codec codec, @ForAll @IntRange(min = 1, max = 65536) int length, @ForAll long seed) {
    byte[] raw = bytes(seed, length, (int) (seed & 7) + 1);
    StoredBlock stored = StoredBlock.encode(raw, codec);
    byte[] damaged = stored.bytes().clone();
    int bit = new Random(seed).nextInt(8 * damaged.length);
    damaged[bit / 8] ^= (byte) (1 << bit % 8);
    assertThatThrownBy(() -> StoredBlock.decode(index(raw, stored), 0, ByteBuffer.wrap(damaged)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining("block 0 at 64+" + stored.bytes().length)
        .hasMessageContaining("checksum");
  }

  @Test
  void compressionMustSaveASixteenth() {
    byte[] raw = new byte[64 << 10];
    new Random(1).nextBytes(raw);
    Arrays.fill(raw, 0, 3800, (byte) 0);
    assertThat(StoredBlock.encode(raw, Codec.LZ4).codec()).isEqualTo(Codec.PLAIN);
    assertThat(StoredBlock.encode(raw, Codec.LZ4).bytes()).isSameAs(raw);
    Arrays.fill(raw, 0, 6000, (byte) 0);
    assertThat(StoredBlock.encode(raw, Codec.LZ4).codec()).isEqualTo(Codec.LZ4);
    assertThat(StoredBlock.encode(new byte[] {1}, Codec.LZ4).codec()).isEqualTo(Codec.PLAIN);
  }

  @Test
  void aBlockOfTheWrongSizeIsFoundThoughItsChecksumIsRight() {
    byte[] raw = new byte[1000];
    for (Codec codec : List.of(Codec.LZ4, Codec.ZSTD)) {
      StoredBlock stored = StoredBlock.encode(raw, codec);
      assertThat(stored.codec()).isEqualTo(codec);
      for (int wrong : new int[] {999, 1001}) {
        assertThatThrownBy(
                () ->
                    StoredBlock.decode(
                        index(new byte[wrong], stored), 0, ByteBuffer.wrap(stored.bytes())))
            .isInstanceOf(StoreException.Corrupt.class)
            .hasMessageContaining(codec + " does not yield " + wrong);
      }
    }
  }

  @Test
  void aBufferOutsideTheHeapDecodesToo() throws StoreException {
    byte[] raw = bytes(1, 5000, 2);
    StoredBlock stored = StoredBlock.encode(raw, Codec.LZ4);
    ByteBuffer direct = ByteBuffer.allocateDirect(stored.bytes().length).put(stored.bytes()).flip();
    assertThat(StoredBlock.decode(index(raw, stored), 0, direct.asReadOnlyBuffer())).isEqualTo(raw);
    assertThat(direct.position()).isZero();
  }

  private static SegmentIndex index(byte[] raw, StoredBlock stored) {
    return SegmentIndex.of(NONCE, raw.length, List.of(stored), 0);
  }

  private static byte[] bytes(long seed, int length, int bits) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] &= (byte) ((1 << bits) - 1);
    }
    return bytes;
  }
}
