package io.strata.fs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdMapTest {
  private static IdMap map(String... ranges) {
    return new IdMap(List.of(ranges).stream().map(IdRange::parse).toList());
  }

  @Test
  void mapsBothWays() throws FsException {
    IdMap map = map("0:100000:1000", "5000:7:1");
    assertThat(map.toVolume(0)).isEqualTo(100_000);
    assertThat(map.toVolume(999)).isEqualTo(100_999);
    assertThat(map.toVolume(5000)).isEqualTo(7);
    assertThat(map.toGuest(100_999)).isEqualTo(999);
    assertThat(map.toGuest(7)).isEqualTo(5000);
    assertThat(map.isMapped(7)).isTrue();
  }

  @Test
  void whatIsNotMappedIsNobody() {
    IdMap map = map("0:100000:1000");
    assertThat(map.toGuest(0)).isEqualTo(65534);
    assertThat(map.toGuest(101_000)).isEqualTo(65534);
    assertThat(map.isMapped(0)).isFalse();
    assertThatThrownBy(() -> map.toVolume(1000))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOVERFLOW));
  }

  @Test
  void idsAreUnsigned() throws FsException {
    IdMap map = map("0:4294967290:5");
    assertThat(map.toVolume(4)).isEqualTo(-2);
    assertThat(map.toGuest(-2)).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1:2", "1:2:3:4", "a:0:1", "0:0:0", "-1:0:1", "0:4294967290:6", "0:0:4294967296"})
  void nonsenseIsRefused(String text) {
    assertThatThrownBy(() -> IdRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rangesMustNotOverlapOnEitherSide() {
    assertThatThrownBy(() -> map("0:0:10", "9:100:1")).hasMessageContaining("overlaps");
    assertThatThrownBy(() -> map("0:0:10", "100:9:1")).hasMessageContaining("overlaps");
    assertThat(map("0:0:10", "10:10:1").ranges()).hasSize(2);
  }
}
