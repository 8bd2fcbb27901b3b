package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.output.JsonTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small demo; the launcher's default is the large one. */
class DemoIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"--library", "--library=false"})
  void everyCheckPassesAndNothingIsLeft(String how) throws Exception {
    Path temporary = folder.resolve("tmp");
    Files.createDirectory(temporary);
    List<String> command =
        List.of(
            "env",
            "STRATA_JVM=-Djava.io.tmpdir=" + temporary,
            Launcher.repository().resolve("strata").toString(),
            "demo",
            "--files=200",
            "--json",
            how);

    Launcher.Ended ended = new Launcher(folder).run(command, folder.toFile());

    assertThat(ended.status()).as(ended.err() + ended.out()).isZero();
    JsonTree report = JsonTree.parse(ended.out().strip());
    assertThat(report.flag("passed")).isTrue();
    assertThat(report.trees("checks")).hasSizeGreaterThanOrEqualTo(4);
    assertThat(report.trees("steps")).hasSizeGreaterThanOrEqualTo(9);
    assertThat(temporary).isEmptyDirectory();
  }
}
