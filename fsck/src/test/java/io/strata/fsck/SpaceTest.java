package io.strata.fsck;

import static io.strata.fsck.CraftedVolume.DATA;
import static io.strata.fsck.CraftedVolume.EPOCH;
import static io.strata.fsck.CraftedVolume.FILE;
import static io.strata.fsck.CraftedVolume.FILE_BYTES;
import static io.strata.fsck.CraftedVolume.PACK;
import static io.strata.fsck.CraftedVolume.TWIN;
import static io.strata.fsck.CraftedVolume.data;
import static io.strata.fsck.CraftedVolume.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.TreeCounters;
import io.strata.fs.schema.DeadObject;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.PackRecord;
import io.strata.fsck.finding.FilePlace;
import io.strata.fsck.finding.Finding;
import io.strata.fsck.finding.SpaceFinding;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.InlineRun;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong with extents, segments and packs is found, with the files that it concerns. */
class SpaceTest {
  private static final Nonce OTHER = Nonce.of(EPOCH, 9);
  private static final ObjectKey DATA_KEY = ObjectNames.segment(DATA);

  private final CraftedVolume volume = new CraftedVolume();

  @Test
  void extentsThatOverlap() {
    volume.put(new Mutation.ExtentPut(FILE, new Extent(0, 60_001, DATA, 0)));
    volume.put(new Mutation.InodePut(FILE, file(1, FILE_BYTES, FILE_BYTES + 1)));
    volume.put(new Mutation.SegmentLivePut(DATA, FILE_BYTES + 1));
    Found.one(volume, "extents-overlap", "/dir/file", "60000 to 60001");
  }

  @Test
  void extentBeyondTheEnd() {
    volume.put(new Mutation.InodePut(FILE, file(1, FILE_BYTES - 1, FILE_BYTES)));
    Found.one(volume, "extent-beyond-end", "/dir/file");
  }

  @Test
  void extentOutsideItsSegment() {
    volume.put(new Mutation.ExtentPut(FILE, new Extent(60_000, 40_000, DATA, 60_001)));
    Found.one(volume, "extent-outside-segment", "/dir/file", DATA_KEY.value());
  }

  @Test
  void liveBytes() {
    volume.put(new Mutation.SegmentLivePut(DATA, 99));
    Found.one(volume, "wrong-live-bytes", null, DATA_KEY.value(), "99", "100000");
  }

  @Test
  void liveBytesThatAreNotRecorded() {
    volume.delete(new Mutation.SegmentLiveDelete(DATA));
    Found.one(volume, "wrong-live-bytes", null, "no live bytes");
  }

  @Test
  void segmentThatIsMissing() {
    volume.write().store.delete(List.of(DATA_KEY));
    List<Finding> found = Found.exactly(volume, "object-missing", "bytes-lost");
    assertThat(found.getLast())
        .isInstanceOfSatisfying(
            SpaceFinding.BytesLost.class,
            lost -> {
              assertThat(lost.file().path()).isEqualTo("/dir/file");
              assertThat(lost.lostBytes()).isEqualTo(FILE_BYTES);
            });
  }

  @Test
  void segmentThatIsMissingAndHasNoRecord() {
    volume.delete(new Mutation.SegmentDelete(DATA));
    volume.write().store.delete(List.of(DATA_KEY));
    Found.exactly(volume, "object-missing", "bytes-lost");
  }

  @Test
  void segmentWithoutARecordIsReadByItsFooter() {
    volume.delete(new Mutation.SegmentDelete(DATA));
    Found.exactly(volume);
  }

  @Test
  void onlyTheFilesWithBytesInADamagedBlockAreNamed() {
    volume.put(new Mutation.ExtentPut(TWIN, new Extent(0, 10, DATA, 70_000)));
    volume.put(new Mutation.InodePut(TWIN, file(2, 10, 10)));
    volume.put(new Mutation.SegmentLivePut(DATA, FILE_BYTES + 10));
    byte[] bytes = volume.write().bytes(DATA_KEY);
    bytes[100] ^= 1; // in block 0
    volume.store.put(DATA_KEY, bytes);
    List<Finding> found = Found.exactly(volume, "block-damaged", "bytes-lost");
    assertThat(found.getFirst().file()).isEqualTo(new FilePlace(FILE.value(), "/dir/file"));
  }

  @Test
  void segmentThatWasCutOff() {
    byte[] bytes = volume.write().bytes(DATA_KEY);
    volume.store.put(DATA_KEY, Arrays.copyOf(bytes, bytes.length / 2));
    List<Finding> found = Found.wrong(volume.check());
    assertThat(found).extracting("code").contains("object-damaged", "block-damaged", "bytes-lost");
  }

  @Test
  void segmentInTheNameOfAnother() {
    volume.write();
    volume.segment(OTHER, data(FILE_BYTES));
    volume.store.put(DATA_KEY, volume.bytes(ObjectNames.segment(OTHER)));
    List<Finding> found = Found.wrong(volume.check());
    assertThat(found.getFirst().code()).isEqualTo("spare-object-damaged");
    assertThat(found.getFirst().object()).isEqualTo(DATA_KEY);
  }

  @Test
  void recordOfAnotherSegmentThanIsStored() {
    Mutation.SegmentPut other = volume.segment(DATA, data(FILE_BYTES + 70_000));
    volume.segment(DATA, data(FILE_BYTES));
    volume.put(other);
    assertThat(Found.wrong(volume.check())).extracting("code").contains("object-length");
  }

  @Test
  void bytesThatOnlyTheLogHoldsAreThere() {
    volume.logged(
        List.of(),
        List.of(new InlineRun(OTHER, 0, ByteBuffer.wrap(data(50)))),
        new Mutation.ExtentPut(TWIN, new Extent(0, 50, OTHER, 0)),
        new Mutation.InodePut(TWIN, file(2, 50, 50)));
    Found.exactly(volume);
  }

  @Test
  void bytesThatTheLogDoesNotHoldAreLost() {
    volume.logged(
        List.of(),
        List.of(new InlineRun(OTHER, 0, ByteBuffer.wrap(data(50)))),
        new Mutation.ExtentPut(TWIN, new Extent(0, 51, OTHER, 0)),
        new Mutation.InodePut(TWIN, file(2, 51, 51)));
    Found.exactly(volume, "object-missing", "bytes-lost");
  }

  @Test
  void entryWhoseSegmentIsMissingDoesNotCount() {
    volume.logged(
        List.of(new Dependency(OTHER, 50)),
        List.of(),
        new Mutation.ExtentPut(TWIN, new Extent(0, 50, OTHER, 0)),
        new Mutation.InodePut(TWIN, file(2, 50, 50)));
    Finding tail = Found.exactly(volume, "log-tail").getFirst();
    assertThat(tail.what()).contains(ObjectNames.segment(OTHER).value());
    assertThat(volume.check().counts().logEntries()).isZero();
  }

  @Test
  void deadSegmentInUse() {
    volume.put(
        new Mutation.DeadPut(
            new DeadObject(3, DeadObject.Kind.SEGMENT, DATA, 1, volume.length(DATA_KEY))));
    Found.one(volume, "dead-object-in-use", null, DATA_KEY.value());
  }

  @Test
  void deadObjectThatACheckpointNeeds() {
    volume.put(new Mutation.DeadPut(new DeadObject(3, DeadObject.Kind.SEGMENT, OTHER, 2, 1000)));
    Found.one(volume, "checkpoint-lost", null, "checkpoint 2");
  }

  @Test
  void deadObjectThatNoCheckpointNeedsMayBeGone() {
    volume.put(new Mutation.DeadPut(new DeadObject(3, DeadObject.Kind.SEGMENT, OTHER, 3, 1000)));
    Found.exactly(volume);
  }

  @Test
  void packThatIsRecordedWrongly() {
    volume.carry(new Mutation.PackPut(Nonce.of(EPOCH, 1), new PackRecord(10, 1, 5, 2)));
    Found.exactly(volume, "object-missing", "wrong-count", "wrong-count", "wrong-count");
  }

  @Test
  void headsCounters() {
    volume.head(
        head ->
            Heads.counters(
                head,
                new TreeCounters(
                    99, 98, head.counters().pages() + 1, head.counters().packBytes() + 1)));
    Found.exactly(volume, "wrong-count", "wrong-count", "wrong-count", "wrong-count");
  }

  @Test
  void nonceThatWasNotGivenOutYet() {
    volume.head(head -> Heads.nextNonce(head, PACK.value() & 0xffff_ffffL));
    Found.one(volume, "wrong-count", null, "next free nonce", ObjectNames.pack(PACK).value());
  }

  @Test
  void whatACrashLeftIsANoteOnly() {
    Nonce old = Nonce.of(new Epoch(1), 5);
    volume.segment(old, data(10));
    Found.exactly(volume);
    assertThat(volume.check().findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.code()).isEqualTo("object-unreferenced");
              assertThat(finding.object()).isEqualTo(ObjectNames.segment(old));
            });
  }

  @Test
  void tombstonesAndWhatIsUnderWayAreNotWorthANote() {
    volume.segment(Nonce.of(new Epoch(1), 5), data(0));
    volume.segment(OTHER, data(10));
    assertThat(volume.check().findings()).extracting("code").containsExactly("volume-open");
  }

  @Test
  void objectsOfALaterEpochMeanThatHeadsAreMissing() {
    volume.segment(Nonce.of(EPOCH.next(), 5), data(10));
    Found.one(volume, "epoch-ahead", null);
  }

  @Test
  void whatIsNotStratasIsNoted() {
    volume.store.put(new ObjectKey("readme.txt"), new byte[3]);
    volume.store.put(new ObjectKey("seg/00/00000002-00000007"), new byte[3]);
    assertThat(volume.check().findings())
        .extracting("code")
        .containsOnlyOnce("volume-open")
        .contains("object-foreign");
    Found.exactly(volume);
  }
}
