package io.strata.fuse.abi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.PastNumber;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeIdsTest {
  private static final Epoch EPOCH = new Epoch(200_000);

  private static final Ino IN_SNAPSHOT =
      new PastNumber(5, Ino.of(new Epoch(3), 77)).encode().orElseThrow();

  private static List<Ino> inodes() {
    return List.of(
        Ino.of(new Epoch(1), 1),
        Ino.of(new Epoch(1), 2),
        Ino.of(new Epoch(2), 1),
        Ino.of(EPOCH, 1),
        Ino.of(EPOCH, Ino.COUNTER_MAX));
  }

  private static List<NodeIds> eras(Epoch newest) {
    List<NodeIds> eras = new ArrayList<>(List.of(NodeIds.FIRST));
    Optional<NodeIds> next = NodeIds.FIRST.next(newest);
    while (next.isPresent()) {
      eras.add(next.get());
      next = next.get().next(newest);
    }
    return eras;
  }

  @Test
  void areInodeNumbersUntilFilesAreReplaced() throws Exception {
    for (Ino ino : inodes()) {
      assertThat(NodeIds.FIRST.of(ino)).isEqualTo(ino.value());
      assertThat(NodeIds.FIRST.ino(ino.value())).isEqualTo(ino);
    }
  }

  /** The epoch has 18 bits of the 22 that there are, which leaves four, so 16 eras. */
  @Test
  void noIdMeansTwoInodes() throws Exception {
    Map<Long, Ino> all = new HashMap<>();
    List<NodeIds> eras = eras(EPOCH);
    assertThat(eras).hasSize(16);
    for (NodeIds ids : eras) {
      for (Ino ino : inodes()) {
        long id = ids.of(ino);
        assertThat(all.put(id, ino)).isNull();
        assertThat(id).isPositive();
        assertThat(PastNumber.isPast(new Ino(id))).isFalse();
        assertThat(ids.ino(id)).isEqualTo(ino);
        assertThat(ids.belowRoot(id)).contains(ino);
      }
    }
    NodeIds last = eras.getLast();
    for (NodeIds ids : eras.subList(0, 15)) {
      long former = ids.of(Ino.of(EPOCH, 9));
      assertThat(last.inoOfAnyEra(former)).isEqualTo(Ino.of(EPOCH, 9));
      assertThat(last.belowRoot(former)).isEmpty();
      assertThatThrownBy(() -> last.ino(former))
          .isInstanceOfSatisfying(
              FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESTALE));
    }
  }

  @Test
  void theRootAndWhatIsInSnapshotsKeepTheirs() throws Exception {
    for (NodeIds ids : eras(EPOCH)) {
      for (Ino ino : List.of(Ino.ROOT, PastNumber.DIRECTORY, IN_SNAPSHOT)) {
        assertThat(ids.of(ino)).isEqualTo(ino.value());
        assertThat(ids.ino(ino.value())).isEqualTo(ino);
      }
      assertThat(ids.belowRoot(Ino.ROOT.value())).isEmpty();
      assertThatThrownBy(() -> ids.ino(0)).isInstanceOf(FsException.class);
    }
  }

  /** Whoever kept an id, as NFS does, does not find another file under a later owner. */
  @Test
  void anIdOfAnEraIsNoInodeOfTheNextEpochs() throws Exception {
    long kept = eras(new Epoch(1)).get(3).of(Ino.of(new Epoch(1), 1));
    assertThat(NodeIds.FIRST.ino(kept).value() >>> 40).isGreaterThan(1 << 20);
  }

  /** There is none in a volume that is not damaged. */
  @Test
  void anInodeOfALaterEpochHasNoId() {
    Ino later = Ino.of(new Epoch(1 << 18), 1);
    assertThat(NodeIds.FIRST.of(later)).isEqualTo(later.value());
    NodeIds next = NodeIds.FIRST.next(EPOCH).orElseThrow();
    assertThatThrownBy(() -> next.of(later)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void lateEpochsLeaveNoRoom() {
    assertThat(NodeIds.FIRST.next(new Epoch((1 << 21) - 1))).isPresent();
    assertThat(NodeIds.FIRST.next(new Epoch(1 << 21))).isEmpty();
    assertThat(NodeIds.FIRST.next(new Epoch(Epoch.MAX))).isEmpty();
  }
}
