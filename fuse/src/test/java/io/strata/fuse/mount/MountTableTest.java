package io.strata.fuse.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final String TABLE =
      """
      22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
      40 22 0:39 / /mnt/a\\040b rw shared:2 master:1 - fuse.strata s3://b/c\\134d rw,user_id=0
      41 40 0:40 / /mnt/a\\040b rw - fuse.strata file:/srv rw
      nonsense
      42 22 0:41 / /mnt/\303\251 ro - tmpfs
      """;

  @Test
  void readsWhatTheKernelWrites() {
    MountTable table = MountTable.parse(TABLE);
    assertThat(table.entries()).hasSize(3);
    assertThat(table.entries().get(1))
        .isEqualTo(new MountTable.Entry("0:39", Path.of("/mnt/a b"), "fuse.strata", "s3://b/c\\d"));
  }

  @Test
  void theLastMountCoversTheOthers() {
    MountTable table = MountTable.parse(TABLE);
    assertThat(table.at(Path.of("/mnt/a b"))).map(MountTable.Entry::source).hasValue("file:/srv");
    assertThat(table.at(Path.of("/mnt"))).isEmpty();
  }

  @Test
  void knowsWhatIsMountedInside() {
    MountTable table = MountTable.parse(TABLE);
    assertThat(table.below(Path.of("/mnt"))).map(MountTable.Entry::device).hasValue("0:39");
    assertThat(table.below(Path.of("/mnt/a"))).isEmpty();
    assertThat(table.below(Path.of("/mnt/a b"))).isEmpty();
  }

  @Test
  void hasTheRoot() throws Exception {
    assertThat(MountTable.read().at(Path.of("/"))).isPresent();
  }
}
