package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --json} of {@code strata version} stands for any option. */
class SettingsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("strata.conf");
  }

  @Test
  void readsTheEnvironment() {
    assertThat(Run.of(Map.of("STRATA_JSON", "true"), "version").out()).startsWith("{");
  }

  @Test
  void readsTheFile() throws IOException {
    Files.writeString(file, "json = true\n");

    assertThat(Run.of("version", "--config", file.toString()).out()).startsWith("{");
    assertThat(Run.of("--config=" + file, "version").out()).startsWith("{");
    assertThat(Run.of(Map.of("STRATA_CONFIG", file.toString()), "version").out()).startsWith("{");
  }

  @Test
  void theEnvironmentIsStrongerThanTheFile() throws IOException {
    Files.writeString(file, "json = true\n");

    Run run = Run.of(Map.of("STRATA_JSON", "false"), "version", "--config", file.toString());

    assertThat(run.out()).startsWith("strata ");
  }

  @Test
  void theCommandLineIsStrongerThanTheEnvironment() {
    assertThat(Run.of(Map.of("STRATA_JSON", "false"), "version", "--json=true").out())
        .startsWith("{");
  }

  @Test
  void anEntryForOneCommandIsStrongerThanOneForAll() throws IOException {
    Files.writeString(file, "json = true\nversion.json = false\n");

    assertThat(Run.of("version", "--config", file.toString()).out()).startsWith("strata ");
  }

  @Test
  void namesTheVariableWithAWrongValue() {
    Run run = Run.of(Map.of("STRATA_JSON", "perhaps"), "version");

    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "strata: Invalid value for option '--json': 'perhaps' is not a boolean (set by"
                + " STRATA_JSON); see strata version --help\n");
  }

  @Test
  void namesTheEntryWithAWrongValue() throws IOException {
    Files.writeString(file, "json = perhaps\n");

    assertThat(Run.of("version", "--config", file.toString()).err())
        .contains("(set by json in " + file + ")");
  }

  @Test
  void refusesAnEntryThatNoCommandReads() throws IOException {
    Files.writeString(file, "jsn = true\n");

    Run run = Run.of("version", "--config", file.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err())
        .isEqualTo(
            "strata: %s sets jsn, which is no option of any command; see strata COMMAND --help\n"
                .formatted(file));
  }

  @Test
  void saysThatTheFileIsNotThere() {
    Run run = Run.of("version", "--config", file.toString());

    assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run.err()).isEqualTo("strata: settings: no such file: " + file + "\n");
  }

  @Test
  void saysThatTheFileIsMalformed() throws IOException {
    Files.writeString(file, "json = \\u00zz\n");

    assertThat(Run.of("version", "--config", file.toString()).err())
        .startsWith("strata: settings: " + file + ": ");
  }
}
