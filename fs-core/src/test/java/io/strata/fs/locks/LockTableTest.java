package io.strata.fs.locks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LockTableTest {
  private static final Ino FILE = new Ino(5);

  private final LockTable table = new LockTable(new LockLimits(4, 2));
  private final LockSession one = table.session();
  private final LockSession other = table.session();

  private static WantedLock range(long owner, long first, long last, LockMode mode) {
    return new WantedLock(FILE, LockKind.POSIX, owner, new ByteRange(first, last), mode, 77, owner);
  }

  private static WantedLock whole(long owner, LockMode mode) {
    return new WantedLock(FILE, LockKind.FLOCK, owner, ByteRange.ALL, mode, 0, owner);
  }

  private static WantedLock exclusive(long owner) {
    return range(owner, 0, 9, LockMode.EXCLUSIVE);
  }

  /** The error that a lock ends in, or null, once it has ended. */
  private static CompletableFuture<Errno> locking(LockSession session, WantedLock wanted) {
    int before = session.waitingRequests();
    CompletableFuture<Errno> end = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                session.lock(wanted);
                end.complete(null);
              } catch (FsException e) {
                end.complete(e.errno());
              }
            });
    while (!end.isDone() && session.waitingRequests() == before) {
      Thread.onSpinWait();
    }
    return end;
  }

  private static Errno refused(LockSession session, WantedLock wanted) {
    try {
      session.lock(wanted);
    } catch (FsException e) {
      return e.errno();
    }
    throw new AssertionError("it has the lock");
  }

  @Test
  void kindsDoNotSeeEachOther() throws FsException {
    assertThat(one.tryLock(range(1, 0, Long.MAX_VALUE, LockMode.EXCLUSIVE))).isTrue();
    assertThat(other.tryLock(whole(1, LockMode.EXCLUSIVE))).isTrue();
  }

  @Test
  void sameNumberInTwoGuestsIsTwoOwners() throws FsException {
    assertThat(one.tryLock(exclusive(1))).isTrue();
    assertThat(other.tryLock(exclusive(1))).isFalse();
    assertThat(one.conflict(exclusive(2)))
        .contains(new LockConflict(new ByteRange(0, 9), LockMode.EXCLUSIVE, 77));
    assertThat(other.conflict(exclusive(2)))
        .as("a process of another guest has no number here")
        .contains(new LockConflict(new ByteRange(0, 9), LockMode.EXCLUSIVE, 0));
  }

  @Test
  void guestThatCrashesLetsEverybodyElseGoOn() throws Exception {
    one.lock(exclusive(1));
    one.lock(whole(2, LockMode.EXCLUSIVE));
    CompletableFuture<Errno> waiting = locking(other, exclusive(1));
    CompletableFuture<Errno> alsoWaiting = locking(other, whole(1, LockMode.SHARED));
    assertThat(waiting).isNotDone();
    one.end();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isNull();
    assertThat(alsoWaiting.get(30, TimeUnit.SECONDS)).isNull();
    assertThat(refused(one, range(1, 50, 60, LockMode.SHARED))).isEqualTo(Errno.ENOLCK);
    assertThat(one.heldRanges()).isZero();
  }

  @Test
  void waitersOfAGuestThatCrashesAreGone() throws Exception {
    one.lock(exclusive(1));
    CompletableFuture<Errno> waiting = locking(other, exclusive(1));
    other.end();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR);
    one.unlockAll(FILE, LockKind.POSIX, 1);
    assertThat(one.tryLock(exclusive(3))).isTrue();
  }

  @Test
  void whatWasLockedThroughAFileEndsWithIt() throws Exception {
    one.lock(exclusive(1));
    one.lock(range(2, 20, 29, LockMode.SHARED));
    one.lock(whole(1, LockMode.SHARED));
    CompletableFuture<Errno> waiting = locking(other, exclusive(1));
    one.closed(FILE, 3);
    assertThat(waiting).as("another file was closed").isNotDone();
    one.closed(FILE, 1);
    assertThat(waiting.get(30, TimeUnit.SECONDS)).isNull();
    assertThat(other.tryLock(whole(1, LockMode.EXCLUSIVE))).isTrue();
    assertThat(other.tryLock(range(1, 20, 20, LockMode.EXCLUSIVE))).isFalse();
  }

  @Test
  void interruptedWaiterLeavesNothingBehind() throws Exception {
    one.lock(exclusive(1));
    CompletableFuture<Errno> end = new CompletableFuture<>();
    Thread waiter =
        Thread.ofVirtual()
            .start(() -> end.complete(refused(other, exclusive(1))));
    while (other.waitingRequests() == 0) {
      Thread.onSpinWait();
    }
    waiter.interrupt();
    assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(Errno.EINTR);
    one.unlockAll(FILE, LockKind.POSIX, 1);
    assertThat(other.heldRanges()).isZero();
    assertThat(one.tryLock(exclusive(2))).isTrue();
  }

  @Test
  void circleOfThreeIsRefusedWhereItWouldClose() throws Exception {
    LockSession third = table.session();
    one.lock(range(1, 0, 0, LockMode.EXCLUSIVE));
    other.lock(range(1, 1, 1, LockMode.EXCLUSIVE));
    third.lock(range(1, 2, 2, LockMode.EXCLUSIVE));
    CompletableFuture<Errno> first = locking(one, range(1, 1, 1, LockMode.SHARED));
    CompletableFuture<Errno> second = locking(other, range(1, 2, 2, LockMode.SHARED));
    assertThat(refused(third, range(1, 0, 0, LockMode.SHARED))).isEqualTo(Errno.EDEADLK);
    assertThat(first).isNotDone();
    third.unlockAll(FILE, LockKind.POSIX, 1);
    assertThat(second.get(30, TimeUnit.SECONDS)).isNull();
    other.unlockAll(FILE, LockKind.POSIX, 1);
    assertThat(first.get(30, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void twoReadersOfAByteCannotBothWaitToWriteIt() throws Exception {
    one.lock(range(1, 0, 9, LockMode.SHARED));
    other.lock(range(1, 0, 9, LockMode.SHARED));
    CompletableFuture<Errno> first = locking(one, exclusive(1));
    assertThat(refused(other, exclusive(1))).isEqualTo(Errno.EDEADLK);
    other.unlockAll(FILE, LockKind.POSIX, 1);
    assertThat(first.get(30, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void wholeFileLocksGiveUpTheOldModeToWaitForTheNew() throws Exception {
    one.lock(whole(1, LockMode.SHARED));
    other.lock(whole(1, LockMode.SHARED));
    assertThat(one.tryLock(whole(1, LockMode.EXCLUSIVE))).isFalse();
    assertThat(one.heldRanges()).as("not lost by trying").isOne();
    CompletableFuture<Errno> first = locking(one, whole(1, LockMode.EXCLUSIVE));
    assertThat(first).isNotDone();
    other.lock(whole(1, LockMode.EXCLUSIVE));
    other.unlockAll(FILE, LockKind.FLOCK, 1);
    assertThat(first.get(30, TimeUnit.SECONDS)).isNull();
  }

  @Test
  void guestCannotTakeMoreThanItsShare() throws FsException {
    for (int i = 0; i < 4; i++) {
      one.lock(range(1, 10L * i, 10L * i + 4, LockMode.EXCLUSIVE));
    }
    assertThat(refused(one, range(1, 90, 91, LockMode.SHARED))).isEqualTo(Errno.ENOLCK);
    assertThatThrownBy(() -> one.unlock(FILE, LockKind.POSIX, 1, new ByteRange(2, 2)))
        .as("a split")
        .isInstanceOf(FsException.class);
    one.unlock(FILE, LockKind.POSIX, 1, new ByteRange(3, 30));
    assertThat(one.heldRanges()).isEqualTo(2);
    assertThat(locking(other, exclusive(1))).isNotDone();
    assertThat(locking(other, exclusive(2))).isNotDone();
    assertThat(refused(other, exclusive(3))).as("too many wait").isEqualTo(Errno.ENOLCK);
    other.endWaiting();
  }

  @Test
  void locksSurviveTheProcess(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("locks");
    Path otherFile = directory.resolve("other");
    LockSession before = table.session(file);
    LockSession neighbour = table.session(otherFile);
    before.lock(range(1, 0, 99, LockMode.EXCLUSIVE));
    before.unlock(FILE, LockKind.POSIX, 1, new ByteRange(10, 89));
    before.lock(whole(3, LockMode.SHARED));
    neighbour.lock(range(2, 20, 29, LockMode.SHARED));
    neighbour.unlockAll(FILE, LockKind.POSIX, 2);
    before.lock(range(1, 25, 25, LockMode.EXCLUSIVE));
    byte[] saved = before.save();
    // The process is gone; its files are not.
    LockTable next = new LockTable(LockLimits.STANDARD);
    LockSession after = next.session(file);
    LockSession stranger = next.session(otherFile);
    assertThat(LockStateCodec.decode(after.save()))
        .containsExactlyInAnyOrderElementsOf(LockStateCodec.decode(saved));
    assertThat(stranger.heldRanges()).isZero();
    assertThat(stranger.tryLock(range(1, 95, 95, LockMode.SHARED))).isFalse();
    assertThat(stranger.tryLock(range(1, 20, 24, LockMode.EXCLUSIVE))).isTrue();
    after.clear();
    assertThat(stranger.tryLock(range(1, 95, 95, LockMode.SHARED))).isTrue();
    after.end();
    assertThat(file).doesNotExist();
    assertThat(otherFile).exists();
  }

  @Test
  void fileDoesNotGrowForEver(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("locks");
    LockSession session = table.session(file);
    session.lock(range(9, 1000, 1000, LockMode.SHARED));
    for (int i = 0; i < 10_000; i++) {
      session.lock(exclusive(1));
      session.unlockAll(FILE, LockKind.POSIX, 1);
    }
    assertThat(Files.size(file)).isLessThan(2 * 1024 * LockStateCodec.RECORD_BYTES);
    assertThat(new LockTable(LockLimits.STANDARD).session(file).heldRanges()).isOne();
  }

  @Test
  void stateThatMakesNoSenseIsRefused(@TempDir Path directory) throws Exception {
    one.lock(exclusive(1));
    byte[] saved = one.save();
    assertThatThrownBy(() -> other.restore(new byte[3])).isInstanceOf(IOException.class);
    for (int at = 0; at < 8; at++) {
      byte[] damaged = saved.clone();
      damaged[at] ^= 1;
      assertThatThrownBy(() -> other.restore(damaged)).isInstanceOf(IOException.class);
    }
    byte[] backwards = saved.clone();
    backwards[8 + 16] = 50;
    assertThatThrownBy(() -> other.restore(backwards)).isInstanceOf(IOException.class);
    assertThat(other.restore(saved)).as("held by the first").isOne();
    Path file = directory.resolve("locks");
    Files.writeString(file, "something else");
    assertThatThrownBy(() -> table.session(file)).isInstanceOf(IOException.class);
  }
}
