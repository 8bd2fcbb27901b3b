package io.strata.checkpoint.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectNames;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class VolumeCodecTest {
  private static final VolumeDescriptor VOLUME =
      new VolumeDescriptor(
          Samples.VOLUME,
          Samples.TIME,
          "photographs, später",
          VolumeDescriptor.BLOCK_SIZE_BYTES,
          true,
          1L << 40);

  @Test
  void whatIsWrittenIsRead() throws Exception {
    byte[] whole = VolumeCodec.frame(VOLUME).toBytes();
    assertThat(VolumeCodec.open(ByteBuffer.wrap(whole))).isEqualTo(VOLUME);
  }

  @Test
  void aCloneSaysOfWhat() throws Exception {
    VolumeDescriptor clone =
        new VolumeDescriptor(
            Samples.VOLUME,
            Samples.TIME,
            "",
            VolumeDescriptor.BLOCK_SIZE_BYTES,
            false,
            0,
            new Neighbour(new VolumeId(new UUID(1, 2)), new Place("../parent")));
    byte[] whole = VolumeCodec.frame(clone).toBytes();
    assertThat(VolumeCodec.open(ByteBuffer.wrap(whole))).isEqualTo(clone);
    assertThat(VolumeCodec.frame(clone.gathered()).length())
        .isEqualTo(whole.length - 16 - 2 - "../parent".length());
  }

  @Test
  void everyFlippedBitIsFoundOut() {
    byte[] whole = VolumeCodec.frame(VOLUME).toBytes();
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> VolumeCodec.open(ByteBuffer.wrap(damaged)))
          .describedAs("bit %d", bit)
          .isInstanceOfAny(StoreException.Corrupt.class, StoreException.TooNew.class);
    }
  }

  @Test
  void frameAndPayloadMustAgreeOnTheVolume() throws Exception {
    ByteBuffer whole = ByteBuffer.wrap(VolumeCodec.frame(VOLUME).toBytes());
    ByteBuffer payload = Frame.open(whole, FrameKind.VOLUME, null, ObjectNames.VOLUME);
    VolumeId other = new VolumeId(new UUID(1, 2));
    byte[] mixed =
        Frame.wrap(FrameKind.VOLUME, other, ObjectNames.VOLUME, List.of(payload)).toBytes();
    assertThatThrownBy(() -> VolumeCodec.open(ByteBuffer.wrap(mixed)))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(other.toString());
  }
}
