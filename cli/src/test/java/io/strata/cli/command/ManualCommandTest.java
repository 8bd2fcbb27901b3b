package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualCommandTest {
  @Test
  void printsOnePage() {
    assertThat(Run.of("manual", "version").out())
        .startsWith(".TH \"strata-version\" 1\n.SH NAME\n")
        .contains(".SH EXAMPLES");
  }

  @Test
  void writesAPageForEveryCommandThatIsNotHidden(@TempDir Path folder) throws IOException {
    assertThat(Run.of("manual", "--into", folder.toString()).status()).isEqualTo(ExitStatus.OK);

    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .contains("strata.1", "strata-version.1")
          .doesNotContain("strata-rehearse.1");
    }
  }

  @Test
  void saysThatThereIsNoSuchCommand() {
    assertThat(Run.of("manual", "frobnicate").err())
        .isEqualTo("strata: no command frobnicate; see strata --help\n");
  }
}
