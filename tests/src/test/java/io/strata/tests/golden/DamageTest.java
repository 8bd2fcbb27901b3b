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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** What is done to which object. */
  private record Case(Damage damage, ObjectKey key, ObjectKey other) {
    @Override
    public String toString() {
      return damage.needsOther() ? damage + " " + key + " by " + other : damage + " " + key;
    }
  }

  @Test
  void everyDamageIsFoundAndNamed() throws Exception {
    Archive archive = Archive.version1();
    System.out.println("damage: seed " + SEED);
    Random random = new Random(SEED);
    List<Case> cases = cases(archive.bucket(), random);
    assertThat(cases).hasSizeGreaterThan(300);
    List<String> missed = new ArrayList<>();
    for (Case each : cases) {
      MemStore bucket = archive.bucket().copy();
      each.damage().apply(bucket, each.key(), each.other(), random);
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
  private static boolean names(FsckReport report, Case each) {
    return report.findings().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .anyMatch(
            finding ->
                each.key().equals(finding.object())
                    || finding.what().contains(each.key().value())
                    || (each.damage().needsOther() && each.other().equals(finding.object())));
  }

  /**
   * Whether a deleted object is one that nobody can miss: an older head or log entry that leads to
   * the same files, or the last entry of the log, without which the log is as it was a moment
   * before.
   */
  private boolean harmless(Archive archive, MemStore bucket, Case each) throws Exception {
    if (each.damage() != Damage.DELETE) {
      return false;
    }
    if (each.key().equals(lastOf(archive.bucket(), ObjectNames.LOGS))) {
      return true;
    }
    try (Volume volume = Volume.open(bucket, GoldenMaker.options().withReadOnly(true), platform)) {
      boolean past =
          each.key().equals(lastOf(archive.bucket(), ObjectNames.HEADS))
              || each.key().value().startsWith(ObjectNames.LOGS);
      return past && Manifest.of(volume.fileSystem()).equals(archive.manifest());
    }
  }

  private static ObjectKey lastOf(MemStore bucket, String prefix) {
    return bucket.keys().stream()
        .filter(key -> key.value().startsWith(prefix))
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  /** Each damage of each object. */
  private static List<Case> cases(MemStore bucket, Random random) {
    Map<String, List<ObjectKey>> kinds = new HashMap<>();
    for (ObjectKey key : bucket.keys()) {
      kinds.computeIfAbsent(kind(key), kind -> new ArrayList<>()).add(key);
    }
    List<Case> cases = new ArrayList<>();
    for (ObjectKey key : bucket.keys()) {
      List<ObjectKey> others = new ArrayList<>(kinds.getOrDefault(kind(key), List.of()));
      others.remove(key);
      for (Damage damage : Damage.values()) {
        if (!others.isEmpty()) {
          cases.add(new Case(damage, key, others.get(random.nextInt(others.size()))));
        } else if (!damage.needsOther()) {
          cases.add(new Case(damage, key, key));
        }
      }
    }
    return cases;
  }

  private static String kind(ObjectKey key) {
    return key.value().split("/", 2)[0];
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
