package io.strata.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DaemonLogTest {
  private static final Path DIRECTORY = Path.of("/mnt/a");

  @Test
  void rootLogsWithTheOtherDaemons() throws IOException {
    assertThat(DaemonLog.file(DIRECTORY, true, Map.of()))
        .isEqualTo(Path.of("/var/log/strata/mnt-a.log"));
  }

  @Test
  void othersLogAtHome() throws IOException {
    assertThat(DaemonLog.file(DIRECTORY, false, Map.of("HOME", "/home/me")))
        .isEqualTo(Path.of("/home/me/.local/state/strata/mnt-a.log"));
    assertThat(
            DaemonLog.file(
                DIRECTORY, false, Map.of("HOME", "/home/me", "XDG_STATE_HOME", "/state")))
        .isEqualTo(Path.of("/state/strata/mnt-a.log"));
  }

  @Test
  void whoHasNoHomeMustSayWhere() {
    assertThatThrownBy(() -> DaemonLog.file(DIRECTORY, false, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--log-file");
  }
}
