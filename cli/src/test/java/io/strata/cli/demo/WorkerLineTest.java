package io.strata.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerLineTest {
  static Stream<WorkerLine> lines() {
    return Stream.of(
        new WorkerLine.Going("hard links", 3, 100),
        new WorkerLine.Done("unpack", new Step.Work(6000, 1L << 40), 123, new Requests(4, 5)),
        new WorkerLine.Acknowledged(2, 77),
        new WorkerLine.Failed("no such file"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void readsWhatItWrites(WorkerLine line) throws IOException {
    assertThat(WorkerLine.parse(line.line())).isEqualTo(line);
  }

  @Test
  void aReasonOfManyLinesBecomesOne() {
    assertThat(new WorkerLine.Failed("a\nb\tc").line()).isEqualTo("failed\ta b c");
  }

  @Test
  void refusesAnythingElse() {
    for (String line : new String[] {"", "done\tx", "going\ta\tb\tc", "hello"}) {
      assertThatThrownBy(() -> WorkerLine.parse(line)).isInstanceOf(IOException.class);
    }
  }
}
