package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.segment.BlockReader;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import io.strata.tests.store.VolumeObjects.Found;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a read-back proves: two owners of one volume who begin with the same bucket, at the same
 * time, and do the same, never put the same bytes where that would let both believe to have won.
 */
final class OwnersDifferTest {
  @Test
  void descriptorsOfTwoMakersDiffer() throws Exception {
    assertThat(VolumeObjects.read(VolumeObjects.format(1), ObjectNames.VOLUME).bytes())
        .isNotEqualTo(VolumeObjects.read(VolumeObjects.format(2), ObjectNames.VOLUME).bytes());
  }

  @Test
  void headsAndLogEntriesOfTwoOwnersDiffer() throws Exception {
    MemStore common = VolumeObjects.format(1);
    MemStore one = common.copy();
    MemStore other = common.copy();
    VolumeObjects.own(one, 2);
    VolumeObjects.own(other, 3);
    List<ObjectKey> both =
        one.keys().stream()
            .filter(key -> other.keys().contains(key) && !common.keys().contains(key))
            .toList();

    for (String prefix : new String[] {ObjectNames.HEADS, ObjectNames.LOGS}) {
      Stream<ObjectKey> decisive = both.stream().filter(key -> key.value().startsWith(prefix));
      assertThat(decisive.toList())
          .isNotEmpty()
          .allSatisfy(
              key ->
                  assertThat(VolumeObjects.read(one, key).bytes())
                      .isNotEqualTo(VolumeObjects.read(other, key).bytes()));
    }
  }

  @Test
  void fencesOfTwoOwnersDifferWhateverTheyCallThemselves() throws Exception {
    Found one = VolumeObjects.fence(new Epoch(2), "the same");
    Found other = VolumeObjects.fence(new Epoch(3), "the same");

    assertThat(one.key()).isEqualTo(other.key());
    assertThat(one.bytes()).isNotEqualTo(other.bytes());
  }

  @Test
  void anOwnersSegmentIsNeverARecoveredOne() throws Exception {
    MemStore bucket = VolumeObjects.format(1);
    VolumeObjects.own(bucket, 2);
    VolumeId volume = volume(bucket);
    List<Nonce> segments =
        bucket.keys().stream()
            .filter(key -> key.value().startsWith(ObjectNames.SEGMENTS))
            .map(OwnersDifferTest::nonce)
            .toList();

    assertThat(segments).isNotEmpty();
    for (Nonce nonce : segments) {
      assertThat(BlockReader.readIndex(bucket, volume, nonce).summaryCount()).isPositive();
    }
    for (String kind : new String[] {"recovered segment", "tombstone"}) {
      Found recovered = Objects.requireNonNull(VolumeObjects.each(1, 2).get(kind));
      MemStore alone = new MemStore();
      alone.put(recovered.key(), recovered.bytes());
      Nonce nonce = nonce(recovered.key());
      assertThat(BlockReader.readIndex(alone, VolumeObjects.VOLUME, nonce).summaryCount()).isZero();
    }
  }

  private static Nonce nonce(ObjectKey key) {
    String name = key.value().substring(key.value().lastIndexOf('/') + 1);
    int dash = name.indexOf('-');
    return Nonce.of(
        new Epoch(Integer.parseInt(name.substring(0, dash), 16)),
        Integer.parseInt(name.substring(dash + 1), 16));
  }

  private static VolumeId volume(MemStore bucket) throws Exception {
    byte[] bytes = VolumeObjects.read(bucket, ObjectNames.VOLUME).bytes();
    ByteBuffer header = ByteBuffer.wrap(bytes);
    return new VolumeId(new UUID(header.getLong(16), header.getLong(24)));
  }
}
