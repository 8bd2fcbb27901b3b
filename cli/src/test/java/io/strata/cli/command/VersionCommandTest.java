package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionCommandTest {
  @Test
  void printsLines() {
    Run run = Run.of("version");

    assertThat(run.status()).isEqualTo(ExitStatus.OK);
    assertThat(run.out().lines().map(line -> line.substring(0, line.indexOf(' '))))
        .containsExactly("strata", "format", "java", "system");
  }

  @Test
  void printsJson() {
    assertThat(Run.of("version", "--json").out())
        .matches("\\{\"version\":\"[^\"]+\",\"format\":1,\"java\":\"25[^\"]*\",\"system\":.*}\\R");
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    Run run = Run.of("versoin");

    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("strata: ").contains("versoin");
  }
}
