package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairOptions;
import io.strata.fsck.RepairReport;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.Severity;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to an object, a repair leaves a volume in which nothing is wrong, no object is
 * overwritten or gone, and every file that it does not list is as it was, to the byte.
 *
 * <p>By default a sample of the damages is repaired; {@code -Dstrata.damage.repairs=N} takes N of
 * them, {@code -Dstrata.damage.seed=N} others.
 */
class DamageRepairTest {
  private static final long SEED = Long.getLong("strata.damage.seed", 1);
  private static final int REPAIRS = Integer.getInteger("strata.damage.repairs", 40);
  private static final Pattern INO = Pattern.compile("^(?<path>\\S+) ino=(?<ino>\\d+)(?<rest>.*)$");

  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));

  @Test
  void aRepairLosesNothingButWhatItSays() throws Exception {
    Archive archive = Archive.version1();
    System.out.println("damage repair: seed " + SEED);
    Random random = new Random(SEED);
    List<DamageCase> cases = DamageCase.all(archive.bucket(), random);
    Collections.shuffle(cases, random);
    List<String> wrong = new ArrayList<>();
    for (DamageCase each : cases.subList(0, Math.min(REPAIRS, cases.size()))) {
      MemStore bucket = archive.bucket().copy();
      each.apply(bucket, random);
      try {
        wrong.addAll(repair(archive, bucket, each));
      } catch (IOException | RuntimeException | AssertionError e) {
        wrong.add(each + ": " + e);
        if (Boolean.getBoolean("strata.damage.traces")) {
          e.printStackTrace();
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private List<String> repair(Archive archive, MemStore bucket, DamageCase each) throws Exception {
    List<String> wrong = new ArrayList<>();
    MemStore before = bucket.copy();
    FsckOptions check = FsckOptions.DEFAULT.withData(true);
    RepairReport report = Fsck.repair(bucket, new RepairOptions(check, false, true), platform);
    for (ObjectKey key : before.keys()) {
      if (!Arrays.equals(Archive.bytes(bucket, key), Archive.bytes(before, key))) {
        wrong.add(each + ": " + key + " was changed");
      }
    }
    if (report.refused() != null) {
      // A flipped version looks like a later one, which no repair may touch.
      boolean later = report.refused().contains("format version");
      if (!later && !each.key().equals(ObjectNames.VOLUME)) {
        wrong.add(each + ": refused: " + report.refused());
      }
      return wrong;
    }
    FsckReport after = Fsck.check(bucket, check, platform);
    if (!after.clean()) {
      wrong.add(each + ": left " + errors(after) + ", was " + errors(report.before()));
      return wrong;
    }
    Set<String> touched =
        report.touched().stream()
            .map(change -> String.valueOf(change.file().ino()))
            .collect(Collectors.toCollection(TreeSet::new));
    try (Volume volume = open(bucket)) {
      String now = Manifest.of(volume.fileSystem());
      List<String> differ = differing(archive.manifest(), now, touched);
      if (!differ.isEmpty() && !isPrefix(archive, before, each, now, touched)) {
        wrong.add(each + ": not listed and not as before: " + differ + " touched " + touched);
      }
    }
    FsckReport later = usedOnceMore(bucket, check);
    if (!later.clean()) {
      wrong.add(each + ": after an owner used it " + errors(later));
    }
    return wrong;
  }

  /** An owner writes something, reads nothing wrong into it, and leaves. */
  private FsckReport usedOnceMore(MemStore bucket, FsckOptions check) throws Exception {
    try (Volume volume = Volume.open(bucket, GoldenMaker.options(), platform)) {
      FileSystem files = volume.fileSystem();
      for (String name : List.of("one", "other")) {
        files.make(Caller.ROOT, Ino.ROOT, FileName.of(name), new NewNode(0100644, 0));
        volume.checkpoint();
      }
      files.unlink(Caller.ROOT, Ino.ROOT, FileName.of("one"));
    }
    return Fsck.check(bucket, check, platform);
  }

  private Volume open(MemStore bucket) throws IOException {
    return Volume.open(bucket, GoldenMaker.options().withReadOnly(true), platform);
  }

  /**
   * Whether the volume is what it is for anybody who opens it: without a log entry that is damaged
   * or misses its segment, and those behind it.
   */
  private boolean isPrefix(
      Archive archive, MemStore damaged, DamageCase each, String now, Set<String> touched)
      throws Exception {
    List<MemStore> cuts = new ArrayList<>();
    for (ObjectKey key : List.of(each.key(), each.other())) {
      if (key.value().startsWith(ObjectNames.LOGS)) {
        MemStore cut = archive.bucket().copy();
        cut.delete(List.of(key));
        cuts.add(cut);
      } else if (each.damage() == Damage.DELETE) {
        cuts.add(damaged);
      }
    }
    for (MemStore cut : cuts) {
      try (Volume volume = open(cut)) {
        if (differing(Manifest.of(volume.fileSystem()), now, touched).isEmpty()) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<String> errors(FsckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Finding::what)
        .toList();
  }

  /** Files that are not as they were and that nobody has said anything about. */
  private static List<String> differing(String was, String is, Set<String> touched) {
    Map<String, String> before = files(was);
    Map<String, String> now = files(is);
    List<String> differ = new ArrayList<>();
    before.forEach(
        (ino, lines) -> {
          if (!touched.contains(ino) && !lines.equals(now.get(ino))) {
            differ.add(lines + " is " + now.get(ino));
          }
        });
    return differ;
  }

  /** What a manifest says of each inode, but its path. */
  private static Map<String, String> files(String manifest) {
    Map<String, String> files = new TreeMap<>();
    for (String line : manifest.lines().toList()) {
      Matcher parts = INO.matcher(line);
      if (parts.matches()) {
        files.merge(parts.group("ino"), parts.group("rest"), (one, other) -> one + " " + other);
      }
    }
    return files;
  }
}
