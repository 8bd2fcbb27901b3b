package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.rehearsal.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {
  @Test
  void everyRequestIsAnsweredAndTheVolumeLeftEmptyAndWhole(@TempDir Path folder)
      throws IOException {
    String url = "file:" + folder.resolve("bucket");
    assertThat(Run.of("format", url).status()).isEqualTo(ExitStatus.OK);

    Rehearsal.run(url);

    assertThat(Run.of("ls", url).out()).isEmpty();
    assertThat(Run.of("fsck", "--data", url).status()).isEqualTo(ExitStatus.OK);
  }

  @Test
  void everyRequestToABucketIsAnswered() throws IOException {
    String before = System.getProperty("aws.accessKeyId");
    System.setProperty("aws.accessKeyId", "rehearsal");
    System.setProperty("aws.secretAccessKey", "rehearsal");
    try {
      Rehearsal.runOnS3();
    } finally {
      if (before == null) {
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
      }
    }
  }
}
