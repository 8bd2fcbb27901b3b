package io.strata.btree.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class VarintTest {
  @Property
  void isReadAsItWasWritten(@ForAll @IntRange(max = Varint.MAX) int value) {
    byte[] bytes = new byte[5];
    int end = Varint.write(bytes, 1, value);
    assertThat(end).isEqualTo(1 + Varint.size(value));
    assertThat(Varint.read(bytes, 1)).isEqualTo(value);
    assertThat(Varint.readChecked(bytes, 1)).isEqualTo(value);
  }

  @Test
  void hasTheLowBitsFirst() {
    byte[] bytes = new byte[3];
    assertThat(Varint.write(bytes, 0, 300)).isEqualTo(2);
    assertThat(bytes).containsExactly(0xac, 0x02, 0);
  }

  @Test
  void nonsenseIsRefused() {
    assertThat(Varint.readChecked(new byte[] {(byte) 0x80}, 0)).as("cut off").isNegative();
    assertThat(Varint.readChecked(new byte[] {(byte) 0x80, 0}, 0)).as("too long").isNegative();
    assertThat(Varint.readChecked(new byte[] {-1, -1, -1, 1}, 0)).as("too large").isNegative();
    assertThat(Varint.readChecked(new byte[0], 0)).as("nothing").isNegative();
  }
}
