package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class FrameTest {
  private static final VolumeId VOLUME =
      new VolumeId(UUID.fromString("00112233-4455-4677-8899-aabbccddeeff"));
  private static final ObjectKey KEY = new ObjectKey("head/0000000000000001");
  private static final byte[] PAYLOAD = "the payload".getBytes(StandardCharsets.US_ASCII);

  private final byte[] object = wrap(PAYLOAD);

  @Test
  void whatWasWrappedIsOpened() throws StoreException {
    ByteBuffer payload = Frame.open(ByteBuffer.wrap(object), FrameKind.HEAD, VOLUME, KEY);

    assertThat(bytes(payload)).isEqualTo(PAYLOAD);
  }

  @Test
  void everyByteIsWhereTheFormatSays() {
    assertThat(HexFormat.of().formatHex(object))
        .isEqualTo(
            // magic, kind, version, length of the name, CRC of the header
            "5354524154410d0a"
                + "02"
                + "01"
                + "1500"
                + "df5ea7b6"
                // volume, length of the payload
                + "0011223344554677"
                + "8899aabbccddeeff"
                + "0b00000000000000"
                // name and padding
                + "686561642f"
                + "30303030303030303030303030303031"
                + "000000"
                // payload
                + "746865207061796c6f6164"
                // CRC of all that, zero, magic
                + "b5f7b1a7"
                + "00000000"
                + "0d0a415441525453");
  }

  @Test
  void payloadMayComeInPieces() throws StoreException {
    Body whole =
        Frame.wrap(
            FrameKind.HEAD,
            VOLUME,
            KEY,
            List.of(
                ByteBuffer.wrap(PAYLOAD, 0, 3),
                ByteBuffer.allocate(0),
                ByteBuffer.wrap(PAYLOAD, 3, PAYLOAD.length - 3)));

    assertThat(whole.toBytes()).isEqualTo(object);
  }

  @Test
  void payloadMayBeEmpty() throws StoreException {
    ByteBuffer whole = ByteBuffer.wrap(wrap(new byte[0]));

    assertThat(Frame.open(whole, FrameKind.HEAD, VOLUME, KEY).remaining()).isZero();
    assertThat(whole.remaining()).isEqualTo(Frame.headerLength(KEY) + Frame.TRAILER_BYTES);
  }

  @Test
  void objectMayLieAnywhereInABuffer() throws StoreException {
    byte[] padded = new byte[object.length + 10];
    System.arraycopy(object, 0, padded, 7, object.length);
    ByteBuffer whole = ByteBuffer.wrap(padded, 7, object.length);

    assertThat(bytes(Frame.open(whole, FrameKind.HEAD, VOLUME, KEY))).isEqualTo(PAYLOAD);
    assertThat(whole.position()).as("position is left alone").isEqualTo(7);
  }

  @Test
  void everyDamagedBitIsFound() {
    for (int at = 0; at < object.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = object.clone();
        damaged[at] ^= (byte) (1 << bit);

        assertThatThrownBy(() -> open(damaged))
            .as("bit %d of byte %d", bit, at)
            .isInstanceOfAny(StoreException.Corrupt.class, StoreException.TooNew.class)
            .hasMessageContaining(KEY.value());
      }
    }
  }

  @Test
  void everyCutIsFound() {
    for (int length = 0; length < object.length; length++) {
      byte[] front = Arrays.copyOf(object, length);
      byte[] back = Arrays.copyOfRange(object, object.length - length, object.length);

      assertThatThrownBy(() -> open(front)).isInstanceOf(StoreException.Corrupt.class);
      assertThatThrownBy(() -> open(back)).isInstanceOf(StoreException.Corrupt.class);
    }
    byte[] longer = Arrays.copyOf(object, object.length + 1);
    assertThatThrownBy(() -> open(longer)).hasMessageContaining("length");
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> open(changed(0, 'X'))).hasMessageContaining("magic");
    assertThatThrownBy(() -> open(changed(8, 3))).hasMessageContaining("header checksum");
    assertThatThrownBy(() -> open(changed(object.length - 20, 0))).hasMessageContaining("checksum");
    assertThatThrownBy(() -> open(changed(object.length - 1, 0)))
        .hasMessageContaining("magic at its end");
    assertThatThrownBy(() -> Frame.open(whole(), FrameKind.LOG, VOLUME, KEY))
        .hasMessageContaining("kind: 2, expected 3 (LOG)");
    ObjectKey other = ObjectNames.head(2);
    assertThatThrownBy(() -> Frame.open(whole(), FrameKind.HEAD, VOLUME, other))
        .hasMessageContaining("object " + other)
        .hasMessageContaining("name: it was written as " + KEY);
    VolumeId stranger = new VolumeId(new UUID(1, 2));
    assertThatThrownBy(() -> Frame.open(whole(), FrameKind.HEAD, stranger, KEY))
        .hasMessageContaining("volume: it belongs to " + VOLUME);
  }

  @Test
  void laterVersionIsNotCalledDamage() {
    assertThatThrownBy(() -> open(changed(9, 2)))
        .isInstanceOf(StoreException.TooNew.class)
        .hasMessageContaining("format version 2")
        .hasMessageContaining("use a newer Strata");
    assertThatThrownBy(() -> open(changed(9, 0))).isInstanceOf(StoreException.Corrupt.class);
  }

  @Test
  void volumeIsNotCheckedWhileUnknown() {
    assertThatCode(() -> Frame.open(whole(), FrameKind.HEAD, null, KEY)).doesNotThrowAnyException();
  }

  private ByteBuffer whole() {
    return ByteBuffer.wrap(object);
  }

  private byte[] changed(int at, int value) {
    byte[] changed = object.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static void open(byte[] bytes) throws StoreException {
    Frame.open(ByteBuffer.wrap(bytes), FrameKind.HEAD, VOLUME, KEY);
  }

  private static byte[] wrap(byte[] payload) {
    return Frame.wrap(FrameKind.HEAD, VOLUME, KEY, List.of(ByteBuffer.wrap(payload))).toBytes();
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
