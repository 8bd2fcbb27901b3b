package io.strata.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonTreeTest {
  @Test
  void readsEveryKindOfValue() throws IOException {
    JsonTree tree =
        JsonTree.parse(
            "{\"text\":\"t\",\"integer\":7,\"number\":1.5,\"flag\":true,\"nothing\":null,"
                + "\"tree\":{\"a\":1},\"trees\":[{\"b\":2},{\"b\":3}]}");

    assertThat(tree.text("text")).isEqualTo("t");
    assertThat(tree.integer("integer")).isEqualTo(7);
    assertThat(tree.number("number")).isEqualTo(1.5);
    assertThat(tree.flag("flag")).isTrue();
    assertThat(tree.has("nothing")).isFalse();
    assertThat(tree.tree("tree").integer("a")).isEqualTo(1);
    assertThat(tree.trees("trees")).extracting(each -> each.integer("b")).containsExactly(2L, 3L);
  }

  @Test
  void whatIsAbsentIsEmpty() throws IOException {
    JsonTree tree = JsonTree.parse("{}");

    assertThat(tree.names()).isEmpty();
    assertThat(tree.text("x")).isEmpty();
    assertThat(tree.integer("x")).isZero();
    assertThat(tree.tree("x").tree("y").trees("z")).isEmpty();
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThatThrownBy(() -> JsonTree.parse("[1]")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> JsonTree.parse("{\"a\":")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> JsonTree.parse("")).isInstanceOf(IOException.class);
  }
}
