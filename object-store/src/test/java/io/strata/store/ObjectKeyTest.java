package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectKeyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "/", "/a", "a/", "a//b", ".", "..", "./a", "a/.", "../a", "a/..", "a/../b", "a/./b",
        "a b", "a\\b", "a\nb", "a\0b", "ä", "a%2fb", "a+b", ".tmp~", "~"
      })
  void tricksAreNoKeys(String trick) {
    assertThat(ObjectKey.valid(trick)).isFalse();
    assertThatThrownBy(() -> new ObjectKey(trick)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "...", "..a", "a..", ".a/b.", "-/_", "A/b/C.d-e_f"})
  void oddNamesAreKeys(String name) {
    assertThat(new ObjectKey(name).value()).isEqualTo(name);
  }

  @Test
  void lengthIsLimited() {
    assertThat(ObjectKey.valid("k".repeat(512))).isTrue();
    assertThat(ObjectKey.valid("k".repeat(513))).isFalse();
  }

  @Test
  void namesOfAVolumesObjects() {
    Epoch epoch = new Epoch(3);
    Nonce nonce = Nonce.of(epoch, 0x1f);

    assertThat(ObjectNames.head(10)).hasToString("head/000000000000000a");
    assertThat(ObjectNames.log(epoch, 17)).hasToString("log/00000003/0000000000000011");
    assertThat(ObjectNames.segment(nonce)).hasToString("seg/" + nonce.spread() + "/" + nonce);
    assertThat(ObjectNames.pack(nonce)).hasToString("tree/" + nonce.spread() + "/" + nonce);
    assertThat(nonce).hasToString("00000003-0000001f");
    assertThat(nonce.epoch()).isEqualTo(epoch);
  }
}
