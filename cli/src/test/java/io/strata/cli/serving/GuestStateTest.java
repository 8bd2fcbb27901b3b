package io.strata.cli.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GuestStateTest {
  private static final byte[] STATE =
      new GuestState(new byte[] {1, 2}, new byte[0], new byte[] {3}).encode();

  @Test
  void comesBackAsItWas() throws IOException {
    GuestState state = GuestState.decode(STATE);
    assertThat(state.client()).containsExactly(1, 2);
    assertThat(state.locks()).isEmpty();
    assertThat(state.inodes()).containsExactly(3);
  }

  @Test
  void whatIsCutOffOrLongerOrOlderIsRefused() {
    for (int length = 0; length < STATE.length; length++) {
      byte[] cut = Arrays.copyOf(STATE, length);
      assertThatThrownBy(() -> GuestState.decode(cut)).isInstanceOf(IOException.class);
    }
    byte[] longer = Arrays.copyOf(STATE, STATE.length + 1);
    assertThatThrownBy(() -> GuestState.decode(longer)).isInstanceOf(IOException.class);
    for (int at : new int[] {3, 4}) {
      byte[] damaged = STATE.clone();
      damaged[at] = (byte) 0xff;
      assertThatThrownBy(() -> GuestState.decode(damaged)).isInstanceOf(IOException.class);
    }
  }
}
