package io.strata.fs.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleCounter;
import io.strata.fs.PastNumber;
import io.strata.fs.PastState;
import io.strata.fs.PastStates;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Timestamp;
import io.strata.store.Epoch;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Snapshots whose heads are a multiple of 2^20 apart. */
class PastIndexTest {
  private static final PastState OLD = state(5, "old");
  private static final PastState NEW = state(5 + (1L << 20), "new");
  private static final PastState OTHER = state(6, "other");

  private final Listed states = new Listed();
  private final PastIndex index = new PastIndex(states);

  private static final class Listed implements PastStates {
    private List<PastState> list = List.of();

    @Override
    public HandleCounter handles() {
      return HandleCounter.ofSnapshots(new Epoch(1));
    }

    @Override
    public List<PastState> list() {
      return list;
    }

    @Override
    public Visit visit(Caller caller, PastState state) {
      throw new AssertionError("nobody enters " + state);
    }
  }

  private static PastState state(long head, String name) {
    return new PastState(head, FileName.of(name), new Timestamp(head, 0));
  }

  private void assertTaken(PastState state, String by) {
    assertThatThrownBy(() -> index.named(state.name()))
        .isInstanceOfSatisfying(
            FsException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOVERFLOW))
        .hasMessageContaining(by)
        .hasMessageContaining("--at=" + state.name());
  }

  @Test
  void theOlderOfTwoInOneSlotIsShown() throws FsException {
    states.list = List.of(OLD, OTHER, NEW);
    assertTaken(NEW, "snapshot old");
    assertThat(index.named(OLD.name())).isEqualTo(OLD);
    assertThat(index.named(OTHER.name())).isEqualTo(OTHER);
    assertThat(index.at(PastNumber.slot(NEW.head()))).contains(OLD);
    assertThat(index.has(NEW)).isFalse();
    assertTaken(NEW, "snapshot old");
  }

  @Test
  void aSlotThatAKernelKnowsGoesToNobodyElse() throws FsException {
    states.list = List.of(OLD);
    assertThat(index.named(OLD.name())).isEqualTo(OLD);
    states.list = List.of(NEW);
    assertTaken(NEW, "was deleted");
    assertThat(index.at(PastNumber.slot(OLD.head()))).isEmpty();
    assertThat(index.has(OLD)).isFalse();
  }

  @Test
  void aSlotThatNobodyWasToldOfIsFree() throws FsException {
    states.list = List.of(OLD);
    states.list = List.of(NEW);
    assertThat(index.named(NEW.name())).isEqualTo(NEW);
    assertThat(index.at(PastNumber.slot(OLD.head()))).contains(NEW);
  }
}
