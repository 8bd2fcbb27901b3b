package io.strata.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.mounting.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final MountTable TABLE =
      MountTable.parse(
          List.of(
              "22 27 0:21 / /proc rw,nosuid shared:13 - proc proc rw",
              "30 27 0:30 / /mnt/a rw - ext4 /dev/vdb rw",
              "36 27 0:44 / /mnt/a rw - fuse.strata file:/srv/a rw,user_id=0",
              "37 27 0:45 / /mnt/two\\040words rw master:1 - fuse.strata file:/srv/\\303\\244 rw",
              "malformed"));

  @Test
  void finds() {
    assertThat(TABLE.at(Path.of("/proc"))).hasValue(new Mount(Path.of("/proc"), "proc", "proc"));
    assertThat(TABLE.at(Path.of("/mnt"))).isEmpty();
  }

  @Test
  void theLastMountIsWhatOneSees() {
    assertThat(TABLE.at(Path.of("/mnt/../mnt/a")))
        .hasValue(new Mount(Path.of("/mnt/a"), MountTable.TYPE, "file:/srv/a"));
  }

  @Test
  void undoesEscapes() {
    assertThat(TABLE.at(Path.of("/mnt/two words")))
        .hasValue(new Mount(Path.of("/mnt/two words"), MountTable.TYPE, "file:/srv/ä"));
  }

  @Test
  void readsTheKernels() throws IOException {
    assertThat(MountTable.read().at(Path.of("/proc")))
        .hasValueSatisfying(mount -> assertThat(mount.type()).isEqualTo("proc"));
  }
}
