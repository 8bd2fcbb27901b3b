package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.locks.LockLimits;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.FakeKernel;
import io.strata.fuse.fake.FakeKernel.Answer;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.RequestBytes;
import io.strata.platform.SystemPlatform;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two kernels that lock the same file. */
@Timeout(120)
class SharedLocksTest {
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int UNLOCKED = 2;
  private static final int O_RDWR = 2;

  private final MemFileSystem fileSystem = new MemFileSystem();
  private final LockTable table = new LockTable(LockLimits.STANDARD);
  private final Guest one = new Guest();
  private final Guest other = new Guest();

  /** A kernel with the file open. */
  private final class Guest {
    final LockSession locks = table.session();
    final FuseSession session =
        new FuseSession(
            fileSystem, SessionOptions.of(CacheMode.AUTO), SystemPlatform.create(), null, locks);
    final FakeKernel kernel = new FakeKernel(session);
    final long node;
    final long handle;
    final int openedFlags;

    Guest() {
      assertThat(kernel.init().error()).isZero();
      Answer created =
          kernel.call(
              kernel
                  .request(Opcode.CREATE, 1)
                  .u32(O_RDWR)
                  .u32(0100644)
                  .u32(0)
                  .u32(0)
                  .string("f"));
      node = created.body().getLong(0);
      handle = created.body().getLong(128);
      openedFlags = created.body().getInt(128 + 8);
    }

    RequestBytes lock(Opcode opcode, long owner, long first, long last, int type, int flags) {
      return kernel
          .request(opcode, node)
          .u64(handle)
          .u64(owner)
          .u64(first)
          .u64(last)
          .u32(type)
          .u32(4711)
          .u32(flags)
          .u32(0);
    }

    int set(long owner, int type) {
      return -kernel.call(lock(Opcode.SETLK, owner, 0, 9, type, 0)).error();
    }

    int flock(long owner, int type) {
      return -kernel
          .call(lock(Opcode.SETLK, owner, 0, Long.MAX_VALUE, type, Flags.LOCK_FLOCK))
          .error();
    }

    /** Begins to wait for bytes 0 to 9. */
    CompletableFuture<@Nullable Answer> waitFor(long owner) {
      CompletableFuture<@Nullable Answer> answer =
          kernel.send(lock(Opcode.SETLKW, owner, 0, 9, WRITE, 0).toBytes());
      while (!answer.isDone() && locks.waitingRequests() == 0) {
        Thread.onSpinWait();
      }
      return answer;
    }

    Answer flush(long owner) {
      return kernel.call(
          kernel.request(Opcode.FLUSH, node).u64(handle).u32(0).u32(0).u64(owner));
    }
  }

  private static int error(CompletableFuture<@Nullable Answer> answer) throws Exception {
    Answer come = answer.get(60, TimeUnit.SECONDS);
    assertThat(come).isNotNull();
    return -come.error();
  }

  @Test
  void kernelIsToldToAskForLocksAndAtEachClose() {
    FuseSession session =
        new FuseSession(
            fileSystem,
            SessionOptions.of(CacheMode.AUTO),
            SystemPlatform.create(),
            null,
            table.session());
    new FakeKernel(session).init();
    Negotiated negotiated = session.initialized().join();
    assertThat(negotiated.has(InitFlags.POSIX_LOCKS)).isTrue();
    assertThat(negotiated.has(InitFlags.FLOCK_LOCKS)).isTrue();
    assertThat(one.openedFlags & Flags.OPENED_NO_FLUSH).isZero();
  }

  @Test
  void withoutSharedLocksTheKernelKeepsItsOwn() {
    FuseSession session =
        new FuseSession(
            fileSystem, SessionOptions.of(CacheMode.AUTO), SystemPlatform.create(), null);
    FakeKernel kernel = new FakeKernel(session);
    kernel.init();
    assertThat(session.initialized().join().has(InitFlags.POSIX_LOCKS)).isFalse();
    RequestBytes lock = one.lock(Opcode.SETLK, 1, 0, 9, WRITE, 0);
    assertThat(kernel.call(lock).error()).isEqualTo(-Errno.ENOSYS.number());
  }

  @Test
  void oneSeesTheOthersLocks() {
    assertThat(one.set(1, WRITE)).isZero();
    assertThat(other.set(1, READ)).isEqualTo(Errno.EAGAIN.number());
    Answer found = other.kernel.call(other.lock(Opcode.GETLK, 1, 5, 100, READ, 0));
    assertThat(found.body().getLong(0)).isZero();
    assertThat(found.body().getLong(8)).isEqualTo(9);
    assertThat(found.body().getInt(16)).isEqualTo(WRITE);
    assertThat(found.body().getInt(20)).as("process of another kernel").isZero();
    Answer own = one.kernel.call(one.lock(Opcode.GETLK, 2, 5, 100, READ, 0));
    assertThat(own.body().getInt(20)).isEqualTo(4711);
    assertThat(one.set(1, UNLOCKED)).isZero();
    Answer none = other.kernel.call(other.lock(Opcode.GETLK, 1, 5, 100, READ, 0));
    assertThat(none.body().getInt(16)).isEqualTo(UNLOCKED);
    assertThat(other.set(1, READ)).isZero();
  }

  @Test
  void closeByTheOwnerLetsTheNextIn() throws Exception {
    one.set(1, WRITE);
    CompletableFuture<@Nullable Answer> waiting = other.waitFor(7);
    one.flush(2);
    assertThat(waiting).as("closed by somebody else").isNotDone();
    assertThat(one.flush(1).error()).isZero();
    assertThat(error(waiting)).isZero();
    assertThat(one.set(1, READ)).isEqualTo(Errno.EAGAIN.number());
  }

  @Test
  void waitingCanBeInterrupted() throws Exception {
    one.set(1, WRITE);
    CompletableFuture<@Nullable Answer> waiting = other.waitFor(7);
    other.kernel.interrupt(other.kernel.lastUnique());
    assertThat(error(waiting)).isEqualTo(Errno.EINTR.number());
    one.flush(1);
    assertThat(one.set(3, WRITE)).isZero();
  }

  @Test
  void circleIsRefused() throws Exception {
    one.kernel.call(one.lock(Opcode.SETLK, 1, 20, 29, WRITE, 0));
    other.kernel.call(other.lock(Opcode.SETLK, 1, 0, 9, WRITE, 0));
    CompletableFuture<@Nullable Answer> waiting = one.waitFor(1);
    assertThat(other.kernel.call(other.lock(Opcode.SETLKW, 1, 20, 20, READ, 0)).error())
        .isEqualTo(-Errno.EDEADLK.number());
    other.flush(1);
    assertThat(error(waiting)).isZero();
  }

  @Test
  void kernelThatIsGoneHoldsNothing() throws Exception {
    one.set(1, WRITE);
    one.flock(5, WRITE);
    CompletableFuture<@Nullable Answer> waiting = other.waitFor(7);
    assertThat(one.session.close(Duration.ofSeconds(30))).isTrue();
    assertThat(error(waiting)).isZero();
    assertThat(other.flock(1, WRITE)).isZero();
  }

  @Test
  void endOfASessionDoesNotWaitForLocks() throws Exception {
    one.set(1, WRITE);
    CompletableFuture<@Nullable Answer> waiting = other.waitFor(7);
    assertThat(other.session.close(Duration.ofHours(1))).isTrue();
    assertThat(error(waiting)).isEqualTo(Errno.EINTR.number());
  }

  @Test
  void kernelThatBeginsAnewHoldsNothing() {
    one.set(1, WRITE);
    assertThat(one.kernel.init().error()).isZero();
    assertThat(other.set(1, WRITE)).isZero();
  }

  @Test
  void lastCloseEndsLocksOfTheOpenFile() {
    assertThat(one.flock(5, WRITE)).isZero();
    assertThat(one.set(1, WRITE)).as("another kind").isZero();
    assertThat(other.flock(5, READ)).isEqualTo(Errno.EAGAIN.number());
    RequestBytes release =
        one.kernel
            .request(Opcode.RELEASE, one.node)
            .u64(one.handle)
            .u32(0)
            .u32(0)
            .u64(0);
    assertThat(one.kernel.call(release).error()).isZero();
    assertThat(other.flock(5, WRITE)).isZero();
  }

  @Test
  void onlyOpenFilesCanBeLocked() {
    RequestBytes foreign =
        other
            .kernel
            .request(Opcode.SETLK, other.node)
            .u64(one.handle)
            .u64(1)
            .u64(0)
            .u64(9)
            .u32(WRITE)
            .u32(1)
            .u32(0)
            .u32(0);
    assertThat(other.kernel.call(foreign).error()).isEqualTo(-Errno.EBADF.number());
    RequestBytes backwards = other.lock(Opcode.SETLK, 1, 9, 0, WRITE, 0);
    assertThat(other.kernel.call(backwards).error()).isEqualTo(-Errno.EINVAL.number());
    RequestBytes unknown = other.lock(Opcode.SETLK, 1, 0, 9, 7, 0);
    assertThat(other.kernel.call(unknown).error()).isEqualTo(-Errno.EINVAL.number());
  }
}
