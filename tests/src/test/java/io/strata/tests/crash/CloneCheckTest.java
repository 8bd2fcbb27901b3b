package io.strata.tests.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.copy.VolumeCopy;
import io.strata.fs.volume.Cloning;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeException;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.RepairOptions;
import io.strata.fsck.RepairReport;
import io.strata.platform.Platform;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.Place;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
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
      // In the same epoch, which the clone shares as far as it had come.
      steps.apply(new Step.Write("a", 100_000, 50_000, 3));
      steps.apply(new Step.MakeFile("later"));
      steps.apply(new Step.Write("later", 0, 70_000, 4));
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
            .min(Comparator.comparing(key -> key.value().substring(key.value().lastIndexOf('/'))))
            .orElseThrow();
    ByteBuffer whole = parent.get(segment, ByteRange.ALL);
    byte[] bytes = new byte[whole.remaining()];
    whole.get(bytes);
    bytes[100] ^= 1;
    parent.put(segment, bytes);
    assertThat(codes(parent)).contains("block-damaged");
    assertThat(codes(clone)).contains("block-damaged");
  }

  /** Of the tree nothing is left but what the segments tell, and the parent's go on behind it. */
  @Test
  void aRebuiltCloneHasNothingOfWhatItsParentDidLater() throws Exception {
    List<ObjectKey> lost = new ArrayList<>(clone.keys());
    ObjectKey newest =
        lost.stream()
            .filter(key -> key.value().startsWith(ObjectNames.HEADS))
            .reduce((before, after) -> after)
            .orElseThrow();
    lost.removeIf(key -> key.value().startsWith(ObjectNames.SEGMENTS));
    lost.removeAll(List.of(newest, ObjectNames.VOLUME));
    clone.delete(lost);
    List<ObjectKey> parents = parent.keys();

    RepairReport repaired =
        Fsck.repair(
            clone,
            new RepairOptions(FsckOptions.DEFAULT.withData(true), true, true),
            platform);

    assertThat(Objects.requireNonNull(repaired.after()).errors())
        .as("%s", repaired.after().findings())
        .isZero();
    assertThat(parent.keys()).isEqualTo(parents);
    ModelTree expected = new ModelTree();
    expected.apply(new Step.MakeFile("a"));
    expected.apply(new Step.Write("a", 0, 300_000, 1));
    expected.apply(new Step.Write("a", 1000, 5000, 2));
    try (Volume volume = open(clone)) {
      List<String> files =
          TreeText.of(volume.fileSystem())
              .lines()
              .filter(line -> line.contains("/ino-"))
              .map(line -> line.replaceAll(".*/ino-\\d+", "/a"))
              .toList();
      assertThat(files).containsExactly(expected.text().strip());
    }
    // What was there before the repair is kept, and nobody knows what it shares.
    assertThatThrownBy(
            () ->
                VolumeCopy.copy(
                    clone, new MemStore(), true, (objects, bytes) -> {}, platform))
        .isInstanceOf(VolumeException.class)
        .hasMessageContaining("snapshot before-repair-");
    try (Volume volume = open(clone)) {
      assertThatThrownBy(volume::gather)
          .isInstanceOf(VolumeException.class)
          .hasMessageContaining("delete before-repair-");
      volume
          .snapshots()
          .delete(volume.snapshots().list().stream().map(NamedSnapshot::name).toList());
      volume.gather();
    }
    assertThat(codes(clone)).isEmpty();
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
