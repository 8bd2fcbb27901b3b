package io.strata.fs.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Random requests of several guests, each step compared with arrays of bytes. */
class LockTableModelTest {
  private static final int SESSIONS = 3;

  enum Action {
    TRY,
    WAIT,
    UNLOCK,
    CLOSE,
    INTERRUPT,
    END,
    MOVE
  }

  record Step(
      Action action,
      int session,
      long owner,
      long ino,
      LockKind kind,
      int first,
      int length,
      LockMode mode) {
    ByteRange range() {
      return kind == LockKind.FLOCK
          ? ByteRange.ALL
          : LockModel.range(first, Math.min(first + length, LockModel.BYTES - 1));
    }

    LockName name() {
      return new LockName(new Ino(ino), kind);
    }

    WantedLock wanted() {
      return new WantedLock(new Ino(ino), kind, owner, range(), mode, 7, owner);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Action> actions =
        Arbitraries.frequencyOf(
            Tuple.of(30, Arbitraries.just(Action.TRY)),
            Tuple.of(30, Arbitraries.just(Action.WAIT)),
            Tuple.of(25, Arbitraries.just(Action.UNLOCK)),
            Tuple.of(8, Arbitraries.just(Action.CLOSE)),
            Tuple.of(4, Arbitraries.just(Action.INTERRUPT)),
            Tuple.of(1, Arbitraries.just(Action.END)),
            Tuple.of(2, Arbitraries.just(Action.MOVE)));
    return Combinators.combine(
            actions,
            Arbitraries.integers().between(0, SESSIONS - 1),
            Arbitraries.longs().between(1, 3),
            Arbitraries.longs().between(1, 2),
            Arbitraries.frequency(
                Tuple.of(4, LockKind.POSIX), Tuple.of(1, LockKind.FLOCK)),
            Arbitraries.integers().between(0, LockModel.BYTES - 1),
            Arbitraries.integers().between(0, LockModel.BYTES),
            Arbitraries.of(LockMode.class))
        .as(Step::new)
        .list()
        .ofMaxSize(120);
  }

  /** The table beside its model. */
  private static final class Pair {
    final LockTable table = new LockTable(new LockLimits(1000, 1000));
    final LockModel model = new LockModel();
    final LockSession[] sessions = new LockSession[SESSIONS];

    /** In the order in which they came. */
    final List<Waiter> waiting = new ArrayList<>();

    Pair() {
      Arrays.setAll(sessions, i -> table.session());
    }

    LockOwner owner(Step step) {
      return new LockOwner(sessions[step.session()], step.owner());
    }

    void run(Step step) throws FsException, IOException {
      LockSession session = sessions[step.session()];
      switch (step.action()) {
        case TRY -> {
          checkConflict(step);
          boolean free = !conflicts(step);
          assertThat(session.tryLock(step.wanted())).isEqualTo(free);
          if (free) {
            model.set(step.name(), owner(step), step.range(), step.mode());
          }
        }
        case WAIT -> begin(step);
        case UNLOCK -> {
          session.unlock(new Ino(step.ino()), step.kind(), step.owner(), step.range());
          model.set(step.name(), owner(step), step.range(), null);
        }
        case CLOSE -> {
          session.unlockAll(new Ino(step.ino()), step.kind(), step.owner());
          model.set(step.name(), owner(step), ByteRange.ALL, null);
        }
        case INTERRUPT -> session.endWaiting();
        case END -> {
          session.end();
          forget(session);
          sessions[step.session()] = table.session();
        }
        case MOVE -> {
          byte[] saved = session.save();
          session.end();
          LockSession moved = table.session();
          List<LockModel.Key> keys = List.copyOf(model.of(session).keySet());
          // Others may be faster than the guest that moves.
          if (waiting.isEmpty()) {
            assertThat(moved.restore(saved)).isZero();
            for (LockModel.Key key : keys) {
              LockOwner owner = new LockOwner(moved, key.owner().id());
              System.arraycopy(
                  model.of(key.name(), key.owner()),
                  0,
                  model.of(key.name(), owner),
                  0,
                  LockModel.BYTES);
            }
          }
          forget(session);
          sessions[step.session()] = moved;
        }
      }
      settle();
    }

    private void forget(LockSession session) {
      for (LockModel.Key key : List.copyOf(model.of(session).keySet())) {
        model.set(key.name(), key.owner(), ByteRange.ALL, null);
      }
    }

    private boolean conflicts(Step step) {
      return model.conflicts(step.name(), owner(step), step.range(), step.mode());
    }

    private void checkConflict(Step step) {
      LockSession session = sessions[step.session()];
      var found = session.conflict(step.wanted());
      assertThat(found.isPresent()).isEqualTo(conflicts(step));
      found.ifPresent(
          conflict -> {
            assertThat(conflict.range().overlaps(step.range())).isTrue();
            assertThat(conflict.mode().excludes(step.mode())).isTrue();
          });
    }

    private void begin(Step step) throws FsException {
      LockSession session = sessions[step.session()];
      boolean free = !conflicts(step);
      boolean deadlock = step.kind() == LockKind.POSIX && !free && waitsForItself(step);
      Waiter waiter;
      try {
        waiter = table.begin(session, step.wanted());
      } catch (FsException e) {
        assertThat(e.errno()).isEqualTo(Errno.EDEADLK);
        assertThat(deadlock).as("a deadlock").isTrue();
        return;
      }
      assertThat(deadlock).as("a deadlock").isFalse();
      assertThat(waiter == null).isEqualTo(free);
      if (waiter == null) {
        model.set(step.name(), owner(step), step.range(), step.mode());
        return;
      }
      if (step.kind() == LockKind.FLOCK) {
        model.set(step.name(), owner(step), ByteRange.ALL, null);
      }
      waiting.add(waiter);
    }

    private boolean waitsForItself(Step step) {
      LockOwner self = owner(step);
      Set<LockOwner> reached = new HashSet<>();
      List<LockOwner> ahead =
          new ArrayList<>(blockers(self, step.name(), step.range(), step.mode()));
      while (!ahead.isEmpty()) {
        LockOwner next = ahead.removeLast();
        if (reached.add(next)) {
          for (Waiter waiter : waiting) {
            if (waiter.owner().equals(next) && waiter.space().name.kind() == LockKind.POSIX) {
              ahead.addAll(blockers(next, waiter.space().name, waiter.range(), waiter.mode()));
            }
          }
        }
      }
      return reached.contains(self);
    }

    private Set<LockOwner> blockers(LockOwner self, LockName name, ByteRange range, LockMode mode) {
      Set<LockOwner> blockers = new HashSet<>();
      for (LockSession session : sessions) {
        for (long id = 1; id <= 3; id++) {
          LockOwner other = new LockOwner(session, id);
          if (!other.equals(self) && model.blocks(other, name, range, mode)) {
            blockers.add(other);
          }
        }
      }
      return blockers;
    }

    /**
     * Takes over who was answered, in their order, as often as one of them makes others possible;
     * then nobody may be left who could have a lock, and nobody may wait for itself.
     */
    private void settle() {
      boolean again = true;
      while (again) {
        again = false;
        for (Waiter waiter : List.copyOf(waiting)) {
          LockName name = waiter.space().name;
          switch (waiter.answer().getNow(null)) {
            case null -> {}
            case Waiter.Outcome.Refused refused -> {
              assertThat(refused.errno()).isIn(Errno.EINTR, Errno.EDEADLK);
              waiting.remove(waiter);
            }
            case Waiter.Outcome.Granted _ -> {
              if (!model.conflicts(name, waiter.owner(), waiter.range(), waiter.mode())) {
                model.set(name, waiter.owner(), waiter.range(), waiter.mode());
                waiting.remove(waiter);
                again = true;
              }
            }
          }
        }
      }
      for (Waiter waiter : waiting) {
        assertThat(waiter.answer()).as("granted against others").isNotDone();
        LockName name = waiter.space().name;
        assertThat(model.conflicts(name, waiter.owner(), waiter.range(), waiter.mode()))
            .as("%s is forgotten", waiter)
            .isTrue();
      }
    }

    void check() throws IOException {
      for (LockSession session : sessions) {
        Map<LockModel.Key, @Nullable LockMode[]> held = new HashMap<>();
        Map<LockModel.Key, LockChange> last = new HashMap<>();
        List<LockChange> pieces = LockStateCodec.decode(session.save());
        for (LockChange piece : pieces) {
          LockModel.Key key =
              new LockModel.Key(piece.name(), new LockOwner(session, piece.owner()));
          LockChange before = last.put(key, piece);
          assertThat(
                  before != null
                      && before.range().last() + 1 == piece.range().first()
                      && before.mode() == piece.mode())
              .as("pieces that should be one")
              .isFalse();
          Arrays.fill(
              held.computeIfAbsent(key, none -> new LockMode[LockModel.BYTES]),
              (int) piece.range().first(),
              (int) Math.min(piece.range().last(), LockModel.BYTES - 1) + 1,
              piece.mode());
        }
        assertThat(session.heldRanges()).isEqualTo(pieces.size());
        Map<LockModel.Key, @Nullable LockMode[]> expected = model.of(session);
        assertThat(held.keySet()).isEqualTo(expected.keySet());
        held.forEach((key, bytes) -> assertThat(bytes).isEqualTo(expected.get(key)));
      }
    }

    /** When everybody lets go, nobody is left. */
    void endAll() {
      for (LockSession session : sessions) {
        for (long owner = 1; owner <= 3; owner++) {
          for (long ino = 1; ino <= 2; ino++) {
            for (LockKind kind : LockKind.values()) {
              session.unlockAll(new Ino(ino), kind, owner);
            }
          }
        }
      }
    }
  }

  @Property(tries = 400)
  void tableDoesWhatArraysDo(@ForAll("steps") List<Step> steps) throws Exception {
    Pair pair = new Pair();
    for (Step step : steps) {
      pair.run(step);
      pair.check();
    }
    for (int rounds = 0; rounds <= pair.waiting.size(); rounds++) {
      pair.endAll();
    }
    assertThat(pair.waiting).allMatch(waiter -> waiter.answer().isDone());
  }
}
