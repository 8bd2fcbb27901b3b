package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.FsException;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What volumes hold, read by somebody who changes nothing. */
final class VolumeStates {
  private VolumeStates() {}

  /** A volume as it is, under the empty name, and each of its snapshots under its own. */
  static Map<String, String> of(MemStore bucket, CrashRun run) throws IOException, FsException {
    Map<String, String> states = new TreeMap<>();
    List<String> names = new ArrayList<>();
    try (Volume volume =
        Volume.open(bucket, CrashRun.options().withReadOnly(true), run.platform())) {
      states.put("", TreeText.of(volume.fileSystem()));
      volume.snapshots().list().forEach(each -> names.add(each.name()));
    }
    for (String name : names) {
      try (Volume past =
          Volume.at(bucket, new StatePoint.Named(name), CrashRun.options(), run.platform())) {
        states.put(name, TreeText.of(past.fileSystem()));
      }
    }
    return states;
  }

  /** Checks a volume, every block included; there may be remarks, but no errors. */
  static FsckReport requireSound(String what, MemStore bucket, CrashRun run) throws Exception {
    FsckReport report =
        Fsck.check(
            bucket, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), run.platform());
    assertThat(report.errors()).as("%s: fsck %s", what, report.findings()).isZero();
    return report;
  }
}
