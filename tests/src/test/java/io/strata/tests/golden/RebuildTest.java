package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.RepairOptions;
import io.strata.fsck.RepairReport;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * When the tree is lost, or even every head, what segments and logs say comes back: bytes of files
 * under names that tell their inodes, and names as far as logs go.
 */
class RebuildTest {
  private static final FsckOptions CHECK = FsckOptions.DEFAULT.withData(true);

  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));
  private MemStore bucket = new MemStore();
  private String before = "";

  @BeforeEach
  void load() throws Exception {
    Archive archive = Archive.version1();
    bucket = archive.bucket().copy();
    before = archive.manifest();
  }

  @Test
  void everyTreePageIsLost() throws Exception {
    remove("tree/");
    RepairReport repaired = repair(true);
    assertThat(Objects.requireNonNull(repaired.after()).clean()).isTrue();
    bytesAreBack(manifest());
  }

  @Test
  void everyHeadIsLost() throws Exception {
    remove(ObjectNames.HEADS);
    assertThat(repair(false).refused()).contains("--rebuild");
    RepairReport repaired = repair(true);
    assertThat(Objects.requireNonNull(repaired.after()).clean())
        .as("%s", Objects.requireNonNull(repaired.after()).findings())
        .isTrue();
    bytesAreBack(manifest());
  }

  @Test
  void headsTreesAndLogsAreLost() throws Exception {
    remove(ObjectNames.HEADS);
    remove("tree/");
    remove(ObjectNames.LOGS);
    RepairReport repaired = repair(true);
    assertThat(Objects.requireNonNull(repaired.after()).clean()).isTrue();
    String now = manifest();
    assertThat(now).contains("/lost+found/ino-" + ino("/docs/a/b/text"));
    bytesAreBack(now);
  }

  private RepairReport repair(boolean rebuild) throws Exception {
    return Fsck.repair(bucket, new RepairOptions(CHECK, rebuild, true), platform);
  }

  private void remove(String prefix) {
    List<ObjectKey> keys =
        bucket.keys().stream().filter(key -> key.value().startsWith(prefix)).toList();
    bucket.delete(keys);
  }

  private String manifest() throws Exception {
    try (Volume volume = Volume.open(bucket, GoldenMaker.options().withReadOnly(true), platform)) {
      return Manifest.of(volume.fileSystem());
    }
  }

  /** A file that was written once, into segments that are stored, has its bytes again. */
  private void bytesAreBack(String now) {
    for (String path : List.of("/docs/shared", "/second/before")) {
      assertThat(now).contains(" ino=" + ino(path) + " ").contains(crc(path));
    }
  }

  private String ino(String path) {
    return field(path, " ino=(\\d+) ");
  }

  private String crc(String path) {
    return field(path, " (crc=[0-9a-f]{8})");
  }

  private String field(String path, String pattern) {
    Matcher found =
        Pattern.compile("(?m)^" + Pattern.quote(path) + ".*?" + pattern).matcher(before);
    assertThat(found.find()).as(path).isTrue();
    return found.group(1);
  }
}
