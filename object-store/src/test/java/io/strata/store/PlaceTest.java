package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PlaceTest {
  @ParameterizedTest
  @CsvSource({
    "a, b, ../b",
    "vms/a, vms/b, ../b",
    "vms/a/, images/x/y/, ../../images/x/y",
    "/srv/a, /srv/b, ../b",
  })
  void leadsFromOnePathToAnother(String from, String to, String way) {
    assertThat(Place.between(from, to)).isEqualTo(new Place(way));
    assertThat("/" + new Place(way).from(from)).endsWith(to.replaceAll("^/|/$", ""));
  }

  @Test
  void waysAreJoined() {
    assertThat(new Place("../b").then(new Place("../c"))).isEqualTo(new Place("../c"));
    assertThat(new Place("../../x/b").then(new Place("../c"))).isEqualTo(new Place("../../x/c"));
  }

  @ParameterizedTest
  @CsvSource({"a, a", "a, a/b", "a/b, a"})
  void oneInTheOtherIsRefused(String from, String to) {
    assertThatThrownBy(() -> Place.between(from, to))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a/../b", "a/", "/a", "a//b"})
  void onePlaceHasOneName(String path) {
    assertThatThrownBy(() -> new Place(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nothingIsAboveTheRoot() {
    assertThatThrownBy(() -> new Place("../../b").from("a"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
