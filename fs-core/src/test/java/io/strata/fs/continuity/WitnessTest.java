package io.strata.fs.continuity;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WitnessTest {
  private static final Epoch EPOCH = new Epoch(7);
  private static final MappedFile.Owner OWNER =
      new MappedFile.Owner(new VolumeId(new UUID(1, 2)), "boot");

  @TempDir Path folder;
  private final AtomicLong durable = new AtomicLong();

  private Path path() {
    return folder.resolve("witness");
  }

  private Witness create() throws IOException {
    return Witness.create(path(), OWNER, EPOCH, durable::get);
  }

  private Witness reopened() throws IOException {
    return Witness.open(path(), OWNER, EPOCH).orElseThrow();
  }

  @Test
  void itsSuccessorReadsWhatItWasTold() throws IOException {
    Witness witness = create();
    witness.changed(11, 1);
    witness.changed(12, 2);
    witness.changed(11, 3);
    witness.changed(12, 1);
    Witness successor = reopened();
    assertThat(successor.lostAfter(3)).isEmpty();
    assertThat(successor.lostAfter(2)).containsExactly(new Ino(11));
    assertThat(successor.lostAfter(0)).containsExactlyInAnyOrder(new Ino(11), new Ino(12));
    assertThat(successor.mayHaveLostMore(0)).isFalse();
  }

  /** Whatever happens to its size, what is acknowledged and not durable is found. */
  @Test
  void nothingIsForgottenBeforeItIsDurable() throws IOException {
    Random random = new Random(1);
    Witness witness = create();
    Map<Long, Long> last = new HashMap<>();
    for (long group = 1; group <= 400_000; group++) {
      long ino = Ino.of(EPOCH, 1 + random.nextInt(300_000)).value();
      witness.changed(ino, group);
      last.put(ino, group);
      if (group % 10_000 == 0) {
        durable.set(group - random.nextInt(10_000));
      }
    }
    Witness successor = reopened();
    long groups = durable.get();
    List<Ino> lost = successor.lostAfter(groups);
    assertThat(lost).allSatisfy(ino -> assertThat(last.get(ino.value())).isGreaterThan(groups));
    long expected = last.values().stream().filter(group -> group > groups).count();
    assertThat(successor.mayHaveLostMore(groups) || lost.size() == expected).isTrue();
  }

  @Test
  void whatFindsNoRoomIsNotedForAll() throws IOException {
    Witness witness = create();
    // More inodes than the table has entries: some bucket must overflow.
    for (long ino = 1; ino <= 300_000; ino++) {
      witness.changed(ino, ino);
    }
    assertThat(reopened().mayHaveLostMore(0)).isTrue();
    assertThat(reopened().mayHaveLostMore(300_000)).isFalse();
  }

  @Test
  void headsSayWhatTheyHold() throws IOException {
    Witness witness = create();
    for (long head = 1; head <= 20; head++) {
      witness.covered(head, 10 * head);
    }
    assertThat(reopened().coveredBy(20)).isEqualTo(OptionalLong.of(200));
    assertThat(reopened().coveredBy(19)).isEqualTo(OptionalLong.of(190));
    assertThat(reopened().coveredBy(1)).isEmpty();
    assertThat(reopened().coveredBy(21)).isEmpty();
    // What was tried and may have succeeded counts, not what was tried after it.
    witness.covered(20, 250);
    assertThat(reopened().coveredBy(20)).isEqualTo(OptionalLong.of(200));
  }

  @Test
  void nobodyElsesIsRead() throws IOException {
    create();
    VolumeId other = new VolumeId(new UUID(1, 3));
    assertThat(Witness.open(path(), OWNER, new Epoch(8))).isEmpty();
    assertThat(Witness.open(path(), new MappedFile.Owner(other, "boot"), EPOCH)).isEmpty();
    assertThat(Witness.open(path(), new MappedFile.Owner(OWNER.volume(), "later"), EPOCH))
        .isEmpty();
    assertThat(Witness.open(path(), new MappedFile.Owner(OWNER.volume(), ""), EPOCH)).isEmpty();
    assertThat(Witness.open(folder.resolve("none"), OWNER, EPOCH)).isEmpty();
  }

  @Test
  void aDamagedHeaderIsFoundOut() throws IOException {
    create();
    byte[] whole = Files.readAllBytes(path());
    for (int at = 0; at < MappedFile.CHANGING_AT; at += 13) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(path(), damaged);
      assertThat(Witness.open(path(), OWNER, EPOCH)).as("byte %d", at).isEmpty();
    }
    Files.write(path(), java.util.Arrays.copyOf(whole, whole.length - 1));
    assertThat(Witness.open(path(), OWNER, EPOCH)).isEmpty();
  }
}
