package io.strata.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.rehearsal.Rehearsal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    Map<String, @Nullable String> before = new HashMap<>();
    for (String credential : List.of("aws.accessKeyId", "aws.secretAccessKey")) {
      before.put(credential, System.setProperty(credential, "rehearsal"));
    }
    try {
      Rehearsal.runOnS3();
    } finally {
      before.forEach(RehearsalTest::restore);
    }
  }

  private static void restore(String property, @Nullable String value) {
    if (value == null) {
      System.clearProperty(property);
    } else {
      System.setProperty(property, value);
    }
  }
}
