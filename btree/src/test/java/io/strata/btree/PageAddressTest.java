package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class PageAddressTest {
  private static final PageAddress ADDRESS =
      new PageAddress(0x0000_0002_0000_0001L, 64, 1000, 0xdead_beef);

  @Test
  void isTwentyBytesInLittleEndianOrder() {
    assertThat(HexFormat.of().formatHex(ADDRESS.encoded()))
        .isEqualTo("010000000200000040000000e8030000efbeadde");
    ByteBuffer bytes = ByteBuffer.allocate(25).position(3);
    ADDRESS.encode(bytes);
    assertThat(bytes.position()).isEqualTo(3 + PageAddress.BYTES);
    assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(PageAddress.decode(bytes.position(3))).isEqualTo(ADDRESS);
    assertThat(bytes.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
  }

  @Test
  void saysWhereItIs() {
    assertThat(ADDRESS).hasToString("00000002-00000001@64+1000");
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new PageAddress(1, -1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PageAddress.decode(ByteBuffer.allocate(PageAddress.BYTES)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
