package io.strata.fsck;

import static io.strata.fsck.CraftedVolume.EPOCH;
import static io.strata.fsck.CraftedVolume.PACK;
import static io.strata.fsck.CraftedVolume.TWIN;
import static io.strata.fsck.CraftedVolume.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.fs.schema.Mutation;
import io.strata.fsck.finding.Finding;
import io.strata.platform.SystemPlatform;
import io.strata.replay.format.HeadReference;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is wrong with descriptor, heads, logs and pages is found. */
class HistoryTest {
  private final CraftedVolume volume = new CraftedVolume();

  @Test
  void anEmptyBucketHoldsNoVolume() {
    assertThatExceptionOfType(StoreException.Missing.class)
        .isThrownBy(() -> Fsck.check(new MemStore(), FsckOptions.DEFAULT, SystemPlatform.create()));
  }

  @Test
  void aVolumeWithoutADescriptorIsCheckedByItsHeads() {
    volume.write().store.delete(List.of(ObjectNames.VOLUME));
    Finding finding = Found.exactly(volume, "object-missing").getFirst();
    assertThat(finding.object()).isEqualTo(ObjectNames.VOLUME);
    assertThat(volume.check().counts().inodes()).isEqualTo(6);
  }

  @Test
  void nothingCanBeSaidWithoutHeads() {
    volume.write().store.delete(heads(1, 2, 3));
    FsckReport report = volume.check();
    assertThat(report.complete()).isFalse();
    assertThat(report.exitStatus()).isEqualTo(FsckReport.EXIT_ERRORS | FsckReport.EXIT_FAILED);
  }

  @Test
  void anOlderHeadStandsInForADamagedOne() {
    flip(ObjectNames.head(3), 100);
    FsckReport report = volume.check();
    assertThat(Found.wrong(report))
        .extracting("code")
        .contains("object-damaged", "head-unreadable");
    assertThat(report.head()).isEqualTo(2);
  }

  @Test
  void predecessorsChecksum() {
    volume.head(head -> Heads.predecessorCrc(head, 7));
    Found.one(volume, "head-chain", null, "head 3", "00000007");
  }

  @Test
  void epochThatFalls() {
    volume.head(head -> Heads.epoch(head, new Epoch(1)));
    assertThat(Found.wrong(volume.check()))
        .extracting("code")
        .contains("head-chain", "epoch-ahead");
  }

  @Test
  void headThatTheEpochBeganWith() {
    volume.head(head -> Heads.opened(head, new HeadReference(2, 5)));
    Found.one(volume, "head-chain", null, "head 2");
  }

  @Test
  void keptHeadThatIsMissing() {
    volume.write().store.delete(heads(1));
    Found.one(volume, "checkpoint-lost", null, "checkpoint 1");
  }

  @Test
  void keptHeadThatIsRememberedOtherwise() {
    volume.head(
        head -> {
          List<RetainedCheckpoint> retained = new ArrayList<>(head.retained());
          RetainedCheckpoint first = retained.getFirst();
          retained.set(
              0,
              new RetainedCheckpoint(
                  first.number(),
                  first.time().plusSeconds(1),
                  first.root(),
                  first.counters(),
                  first.replayFrom()));
          return Heads.retained(head, retained);
        });
    Found.one(volume, "head-chain", null, "head 1");
  }

  @Test
  void carryThatCannotBeRead() {
    volume.head(head -> Heads.carry(head, new byte[] {99}));
    Found.one(volume, "record-malformed", null, ObjectNames.head(3).value());
  }

  @Test
  void damagedLogEntryEndsTheLog() {
    log(3);
    flip(ObjectNames.log(EPOCH, 1), 90);
    Finding finding = Found.exactly(volume, "object-damaged").getFirst();
    assertThat(finding.object()).isEqualTo(ObjectNames.log(EPOCH, 1));
    assertThat(volume.check().counts().logEntries()).isEqualTo(1);
  }

  @Test
  void aGapWithFewEntriesBehindItMayBeOfACrash() {
    log(4);
    volume.write().store.delete(List.of(ObjectNames.log(EPOCH, 1)));
    Found.one(volume, "log-tail", null, ObjectNames.log(EPOCH, 1).value(), "2 log objects");
    assertThat(volume.check().clean()).isTrue();
  }

  @Test
  void aGapWithManyEntriesBehindItIsALoss() {
    log(70);
    volume.write().store.delete(List.of(ObjectNames.log(EPOCH, 1)));
    Found.one(volume, "log-entry-lost", null, ObjectNames.log(EPOCH, 1).value());
  }

  @Test
  void entryOfAnotherHead() {
    log(1);
    volume.head(
        head ->
            Heads.opened(head, new HeadReference(9, Objects.requireNonNull(head.opened()).crc())));
    Found.one(volume, "log-entry-unfit", null, "head 2");
  }

  @Test
  void groupThatCannotBeRead() {
    volume.loggedRaw(List.of(), List.of(), new byte[] {99});
    Found.one(volume, "log-entry-unfit", null, "group 0");
  }

  @Test
  void logOfALaterEpoch() {
    volume.write().store.put(ObjectNames.log(EPOCH.next(), 0), new byte[10]);
    Found.one(volume, "epoch-ahead", null);
  }

  @Test
  void everyDamagedPageIsFoundAndNothingIsSaidToBeMissingForIt() {
    ObjectKey pack = ObjectNames.pack(PACK);
    byte[] whole = volume.write().bytes(pack);
    int found = 0;
    for (int at = 64; at < whole.length - 16; at += 37) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      volume.store.put(pack, damaged);
      List<Finding> wrong = Found.wrong(volume.check());
      assertThat(wrong).as("byte %d", at).isNotEmpty();
      assertThat(wrong)
          .as("byte %d", at)
          .allSatisfy(
              finding -> {
                assertThat(finding.code()).isIn("page-damaged", "object-damaged");
                assertThat(finding.object()).isEqualTo(pack);
              });
      found += wrong.stream().anyMatch(each -> each.code().equals("page-damaged")) ? 1 : 0;
    }
    assertThat(found).isGreaterThan(10);
  }

  @Test
  void packThatIsMissing() {
    volume.write().store.delete(List.of(ObjectNames.pack(PACK)));
    assertThat(Found.wrong(volume.check()))
        .extracting("code")
        .containsExactlyInAnyOrder("page-damaged", "object-missing");
  }

  private void log(int entries) {
    for (int i = 0; i < entries; i++) {
      volume.logged(List.of(), List.of(), new Mutation.InodePut(TWIN, file(2, 0, 0)));
    }
  }

  private void flip(ObjectKey key, int at) {
    byte[] bytes = volume.write().bytes(key);
    bytes[at] ^= 1;
    volume.store.put(key, bytes);
  }

  private static List<ObjectKey> heads(long... numbers) {
    List<ObjectKey> keys = new ArrayList<>();
    for (long number : numbers) {
      keys.add(ObjectNames.head(number));
    }
    return keys;
  }
}
