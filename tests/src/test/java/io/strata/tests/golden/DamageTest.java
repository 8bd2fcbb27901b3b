package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Severity;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to an object, fsck finds it, names it, says what it means, and leaves the bucket
 * as it is.
 *
 * <p>By default two objects of each kind suffer each damage. {@code -Dstrata.damage.each=N} takes
 * N, and {@code -Dstrata.damage.seed=N} chooses objects and places otherwise.
 */
class DamageTest {
  private static final long SEED = Long.getLong("strata.damage.seed", 1);

  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));

  @Test
  void everyDamageIsFoundAndNamed() throws Exception {
    Archive archive = Archive.version1();
    System.out.println("damage: seed " + SEED);
    Random random = new Random(SEED);
    List<DamageCase> cases = DamageCase.all(archive.bucket(), random);
    assertThat(cases).hasSizeGreaterThan(300);
    List<String> missed = new ArrayList<>();
    for (DamageCase each : cases) {
      MemStore bucket = archive.bucket().copy();
      each.apply(bucket, random);
      MemStore before = bucket.copy();
      FsckReport report = Fsck.check(bucket, FsckOptions.DEFAULT.withData(true), platform);
      requireUnchanged(bucket, before, each.toString());
      if (!names(report, each) && !harmless(archive, bucket, each)) {
        missed.add(each + ": " + report.findings().stream().map(Finding::what).toList());
      }
    }
    assertThat(missed).isEmpty();
  }

  /** Whether something wrong is said of one of the damaged objects. */
  private static boolean names(FsckReport report, DamageCase each) {
    return report.findings().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .anyMatch(
            finding ->
                each.key().equals(finding.object())
                    || finding.what().contains(each.key().value())
                    || each.other().equals(finding.object())
                    || finding.what().contains(each.other().value()));
  }

  /**
   * Whether a deleted object is one that nobody can miss: an older head or log entry that leads to
   * the same files, or the last entry of the log, without which the log is as it was a moment
   * before.
   */
  private boolean harmless(Archive archive, MemStore bucket, DamageCase each) throws Exception {
    if (each.damage() == Damage.DUPLICATE) {
      // Nothing refers to it: at most a note, since a crash can leave such an object.
      return !each.key().value().startsWith(ObjectNames.HEADS) && opensAsBefore(archive, bucket);
    }
    if (each.damage() != Damage.DELETE) {
      return false;
    }
    if (each.key().equals(lastOf(archive.bucket(), ObjectNames.LOGS))) {
      return true;
    }
    boolean past =
        each.key().equals(lastOf(archive.bucket(), ObjectNames.HEADS))
            || each.key().value().startsWith(ObjectNames.LOGS);
    return past && opensAsBefore(archive, bucket);
  }

  private boolean opensAsBefore(Archive archive, MemStore bucket) throws Exception {
    try (Volume volume = Volume.open(bucket, GoldenMaker.options().withReadOnly(true), platform)) {
      return Manifest.of(volume.fileSystem()).equals(archive.manifest());
    }
  }

  private static ObjectKey lastOf(MemStore bucket, String prefix) {
    return bucket.keys().stream()
        .filter(key -> key.value().startsWith(prefix))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  static void requireUnchanged(MemStore bucket, MemStore before, String what) throws Exception {
    assertThat(bucket.keys()).as(what).isEqualTo(before.keys());
    for (ObjectKey key : bucket.keys()) {
      assertThat(Arrays.equals(Archive.bytes(bucket, key), Archive.bytes(before, key)))
          .as("%s: %s is as it was", what, key)
          .isTrue();
    }
  }
}
