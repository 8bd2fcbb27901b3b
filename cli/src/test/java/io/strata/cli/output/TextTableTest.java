package io.strata.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void alignsColumns() {
    TextTable table = new TextTable("name", "n", "size");
    table.row("a", "10", "1 B");
    table.row("longer", "9", "");
    StringWriter text = new StringWriter();

    table.print(new PrintWriter(text, true));

    assertThat(text.toString())
        .isEqualToNormalizingNewlines(
            """
            name     n  size
            a       10   1 B
            longer   9
            """);
  }

  @Test
  void refusesARowOfAnotherWidth() {
    TextTable table = new TextTable("a", "b");

    assertThatThrownBy(() -> table.row("1")).isInstanceOf(IllegalArgumentException.class);
  }
}
