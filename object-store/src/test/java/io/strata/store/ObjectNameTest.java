package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectNameTest {
  @Test
  void whatStrataWritesIsRead() {
    Nonce nonce = Nonce.of(new Epoch(7), 0xffff_fffeL);
    assertThat(ObjectName.of(ObjectNames.VOLUME)).isEqualTo(new ObjectName.Volume());
    assertThat(ObjectName.of(ObjectNames.head(19))).isEqualTo(new ObjectName.Head(19));
    assertThat(ObjectName.of(ObjectNames.log(new Epoch(7), 20)))
        .isEqualTo(new ObjectName.Log(new Epoch(7), 20));
    assertThat(ObjectName.of(ObjectNames.segment(nonce))).isEqualTo(new ObjectName.Segment(nonce));
    assertThat(ObjectName.of(ObjectNames.pack(nonce))).isEqualTo(new ObjectName.Pack(nonce));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "volume2",
        "head/1",
        "head/0000000000000000",
        "head/000000000000000G",
        "head/f000000000000000",
        "log/00000000/0000000000000001",
        "log/00000001/f000000000000001",
        "log/00000001",
        "seg/00/00000001-00000001",
        "seg/zz/00000001-00000001",
        "tree/00/00000000-00000001",
        "trees/9e/00000001-00000001"
      })
  void everythingElseIsForeign(String key) {
    assertThat(ObjectName.of(new ObjectKey(key))).isEqualTo(new ObjectName.Foreign());
  }
}
