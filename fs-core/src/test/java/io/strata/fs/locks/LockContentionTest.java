package io.strata.fs.locks;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many owners at once: nobody is let in beside another, and nobody is left waiting. */
@Timeout(120)
class LockContentionTest {
  private static final int BYTES = 16;
  private static final int SESSIONS = 4;
  private static final int OWNERS = 50;
  private static final int ROUNDS = 60;

  /** Who is in: -1 a writer, otherwise how many readers. */
  private final AtomicIntegerArray inside = new AtomicIntegerArray(BYTES);

  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger taken = new AtomicInteger();

  private void enter(ByteRange range, LockMode mode) {
    for (int at = (int) range.first(); at <= range.last(); at++) {
      int seen =
          mode == LockMode.EXCLUSIVE ? inside.getAndSet(at, -1) : inside.getAndIncrement(at);
      if (mode == LockMode.EXCLUSIVE ? seen != 0 : seen < 0) {
        wrong.add("byte %d had %d inside".formatted(at, seen));
      }
    }
  }

  private void leave(ByteRange range, LockMode mode) {
    for (int at = (int) range.first(); at <= range.last(); at++) {
      if (mode == LockMode.EXCLUSIVE) {
        inside.set(at, 0);
      } else {
        inside.getAndDecrement(at);
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // lets others in while the lock is held
  private void work(LockSession session, long owner, RandomGenerator random) {
    for (int round = 0; round < ROUNDS; round++) {
      int first = random.nextInt(BYTES);
      ByteRange range = new ByteRange(first, random.nextInt(first, BYTES));
      LockMode mode = random.nextInt(3) == 0 ? LockMode.EXCLUSIVE : LockMode.SHARED;
      try {
        session.lock(new WantedLock(new Ino(5), LockKind.POSIX, owner, range, mode, 1, owner));
        taken.incrementAndGet();
        enter(range, mode);
        Thread.yield();
        leave(range, mode);
        session.unlock(new Ino(5), LockKind.POSIX, owner, range);
      } catch (FsException e) {
        if (e.errno() != Errno.EINTR) {
          wrong.add("owner %d: %s".formatted(owner, e.getMessage()));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nobodyIsLetInBesideAnotherAndNobodyIsLost(long seed) throws InterruptedException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    LockTable table = new LockTable(new LockLimits(1000, 1000));
    List<LockSession> sessions = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      LockSession session = table.session();
      sessions.add(session);
      for (int owner = 0; owner < OWNERS; owner++) {
        long id = owner;
        long itsSeed = random.nextLong();
        threads.add(
            Thread.ofVirtual()
                .start(
                    () ->
                        work(
                            session,
                            id,
                            RandomGeneratorFactory.of("L64X128MixRandom").create(itsSeed))));
      }
    }
    // Some are told to give up, at any moment.
    for (Thread thread : threads) {
      if (random.nextInt(4) == 0) {
        thread.interrupt();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(taken.get()).isGreaterThan(SESSIONS * OWNERS * ROUNDS / 2);
    for (LockSession session : sessions) {
      assertThat(session.heldRanges()).isZero();
      assertThat(session.waitingRequests()).isZero();
    }
  }
}
