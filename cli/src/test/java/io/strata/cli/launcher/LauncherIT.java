package io.strata.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherIT {
  @TempDir private Path folder;

  @Test
  void runsFromAnywhereThroughALink() throws Exception {
    Path link =
        Files.createSymbolicLink(folder.resolve("strata"), Launcher.repository().resolve("strata"));
    Path second = Files.createSymbolicLink(folder.resolve("s"), link);

    Launcher.Ended ended =
        new Launcher(folder).run(List.of(second.toString(), "version"), folder.toFile());

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).startsWith("strata ").contains("java   25");
  }

  @Test
  void takesNoOtherJdkThanOneOfTheRightVersion() throws Exception {
    Path wrong = folder.resolve("jdk");
    Files.createDirectories(wrong.resolve("bin"));
    Files.writeString(wrong.resolve("release"), "JAVA_VERSION=\"17.0.1\"\n");

    Launcher.Ended ended =
        new Launcher(folder)
            .run(
                List.of(
                    "env",
                    "JAVA_HOME=" + wrong,
                    Launcher.repository().resolve("strata").toString(),
                    "version"),
                folder.toFile());

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).contains("java   25");
  }

  @Test
  void printsErrorsOnOneLineAndNothingElse() throws IOException, InterruptedException {
    Launcher.Ended ended = new Launcher(folder).strata("info", "file:" + folder + "/nothing");

    assertThat(ended.status()).isEqualTo(4);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).startsWith("strata: there is no volume at ");
  }
}
