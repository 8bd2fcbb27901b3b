package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairOptions;
import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.Place;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check says of a clone and of what it shares. */
final class CloneCheckTest {
  private static final Place CLONE = new Place("../clone");
  private static final Place PARENT = new Place("../parent");

  private final Platform platform = new CrashRun(1).platform();
  private final MemStore parent = new MemStore().elsewhere(PARENT);
  private final MemStore clone = parent.elsewhere(CLONE);

  @BeforeEach
  void makeClone() throws IOException {
    Volume.format(parent, FormatOptions.DEFAULT, platform);
    Cloning cloning;
    try (Volume volume = open(parent)) {
      VolumeSteps steps = new VolumeSteps(volume);
      steps.apply(new Step.MakeFile("a"));
      steps.apply(new Step.Write("a", 0, 300_000, 1));
      cloning = Cloning.begin(parent, CLONE, PARENT, null, platform);
      volume.snapshots().keepFor(cloning.neighbour(), null);
    }
    cloning.finish();
    try (Volume volume = open(clone)) {
      new VolumeSteps(volume).apply(new Step.Write("a", 1000, 5000, 2));
    }
  }

  private Volume open(MemStore store) throws IOException {
    return Volume.open(store, CrashRun.options(), platform);
  }

  private List<String> codes(MemStore store) throws Exception {
    FsckReport report =
        Fsck.check(store, FsckOptions.DEFAULT.withData(true).withFindingsMax(20), platform);
    return report.findings().stream()
        .map(finding -> finding.explanation().code())
        .distinct()
        .toList();
  }

  @Test
  void nothingIsWrongWithEither() throws Exception {
    assertThat(codes(parent)).isEmpty();
    assertThat(codes(clone)).isEmpty();
  }

  @Test
  void aParentThatIsGoneIsMissed() throws Exception {
    parent.delete(parent.keys());
    assertThat(codes(clone)).contains("parent-missing", "object-missing");
  }

  @Test
  void aParentThatKeepsNothingForItIsTold() throws Exception {
    ByteBuffer descriptor = clone.get(ObjectNames.VOLUME, ByteRange.ALL);
    byte[] bytes = new byte[descriptor.remaining()];
    descriptor.get(bytes);
    clone.delete(List.of(ObjectNames.VOLUME));
    try (Volume volume = open(parent)) {
      volume
          .snapshots()
          .delete(volume.snapshots().list().stream().map(NamedSnapshot::name).toList());
    }
    clone.put(ObjectNames.VOLUME, bytes);
    assertThat(codes(clone)).containsExactly("clone-not-kept");
  }

  @Test
  void aSharedObjectThatIsDamagedIsFoundInBoth() throws Exception {
    ObjectKey segment =
        parent.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .findFirst()
            .orElseThrow();
    ByteBuffer whole = parent.get(segment, ByteRange.ALL);
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    bytes[100] ^= 1;
    parent.put(segment, bytes);
    assertThat(codes(parent)).contains("block-damaged");
    assertThat(codes(clone)).contains("block-damaged");
  }

  @Test
  void aRepairPutsTheLostDescriptorOfACloneAnew() throws Exception {
    clone.delete(List.of(ObjectNames.VOLUME));
    assertThat(codes(clone)).contains("object-missing");
    Fsck.repair(
        clone,
        new RepairOptions(FsckOptions.DEFAULT.withFindingsMax(20), false, true),
        platform);
    assertThat(codes(clone)).isEmpty();
    ModelTree expected = new ModelTree();
    expected.apply(new Step.MakeFile("a"));
    expected.apply(new Step.Write("a", 0, 300_000, 1));
    expected.apply(new Step.Write("a", 1000, 5000, 2));
    try (Volume volume = open(clone)) {
      assertThat(TreeText.of(volume.fileSystem())).isEqualTo(expected.text());
    }
  }
}
