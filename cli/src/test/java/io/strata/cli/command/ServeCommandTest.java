package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeCommandTest {
  @TempDir private Path folder;

  private Run run(String... arguments) {
    return Run.of(Map.of("STRATA_RUNTIME_DIR", folder.resolve("run").toString()), arguments);
  }

  @Test
  void printsItsCapabilitiesWhateverElseIsGiven() throws IOException {
    Run run = Run.of("serve", "--print-capabilities", "--fd=7", "--unknown", "word");

    assertThat(run.status()).isZero();
    assertThat(JsonTree.parse(run.out()).text("type")).isEqualTo("fs");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "--socket=/tmp/s, which volume?",
    "--volume=mem:v --socket=s --unknown, unknown argument '--unknown'",
    "--volume=mem:v --socket=s word, unknown argument 'word'",
    "--volume=mem:v, where? Name a socket",
    "--volume=mem:v --socket=s --fd=3, exclude each other",
    "--volume=mem:v --socket=s --cache=sometimes, none of never",
    "--volume=mem:v --socket=s --socket-mode=999, no octal number",
    "--volume=mem:v --socket=s --writeback --cache=never, forbids",
    "--volume=mem:v --socket=s --follow --cache=always, shows a guest what was",
    "--volume=mem:v --socket=s --max-age=3s, how old what --follow shows",
    "--volume=mem:v --socket=s --follow --max-age=3ms, cannot be newer",
    "--volume=mem:v --fd=999999, bad file descriptor"
  })
  void whatMakesNoSenseIsSaid(String arguments, String said) {
    Run run = run(("serve " + arguments).split(" ", -1));

    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains(said);
  }

  @Test
  void aSocketWhereAFileIsIsRefused() {
    Run run = run("serve", "--volume=mem:v", "--socket=" + folder);

    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains("is there and no socket");
  }
}
