package io.strata.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnCommandTest {
  @Test
  void leavesOutTheProgramsArguments() throws IOException {
    assertThat(OwnCommand.cut(List.of("java", "-Xmx1g", "-jar", "strata.jar", "mount", "-jar")))
        .containsExactly("java", "-Xmx1g", "-jar", "strata.jar");
  }

  @Test
  void refusesAProcessThatIsNotTheLaunchers() {
    assertThatThrownBy(() -> OwnCommand.cut(List.of("java", "io.strata.cli.Main")))
        .isInstanceOf(IOException.class);
  }
}
