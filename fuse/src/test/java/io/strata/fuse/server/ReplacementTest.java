package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockLimits;
import io.strata.fs.locks.LockMode;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.fs.locks.WantedLock;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.FakeKernel;
import io.strata.fuse.fake.FakeKernel.Answer;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.RequestBytes;
import io.strata.platform.SystemPlatform;
import io.strata.store.Epoch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests of a kernel under which the files are replaced. */
@Timeout(60)
class ReplacementTest {
  private static final Epoch EPOCH = new Epoch(1);
  private static final int ESTALE = Errno.ESTALE.number();
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int WRITE_LOCK = 1;
  private static final int UNLOCK = 2;

  /** Whether writes have to wait. */
  private volatile boolean slow;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  private final MemFileSystem fileSystem =
      new MemFileSystem(
          (operation, caller, ino) -> {
            if (slow) {
              if (!caller.mayWait()) {
                throw new WouldBlock();
              }
              begun.countDown();
              await(end);
            }
          });
  private final LockTable locks = new LockTable(LockLimits.STANDARD);
  private final FuseSession session =
      new FuseSession(
          fileSystem,
          SessionOptions.standard(),
          SystemPlatform.create(),
          notification -> {},
          locks.session());
  private final FakeKernel kernel = new FakeKernel(session);
  private long node;
  private long handle;

  @BeforeEach
  void open() {
    kernel.init();
    Answer created =
        kernel.call(
            kernel.request(Opcode.CREATE, 1).u32(2).u32(0100644).u32(0).u32(0).string("a"));
    node = created.body().getLong(0);
    handle = created.body().getLong(128);
  }

  private static void await(CountDownLatch latch) throws FsException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new FsException(Errno.EINTR, "interrupted", e);
    }
  }

  private void replace() throws InterruptedException {
    assertThat(session.hold(SOON)).isTrue();
    session.renumber(EPOCH);
    session.goOn();
  }

  private int error(RequestBytes request) {
    return -kernel.call(request).error();
  }

  private RequestBytes write(long to, long through) {
    return kernel
        .request(Opcode.WRITE, to)
        .u64(through)
        .u64(0)
        .u32(4)
        .u32(0)
        .u64(0)
        .u32(2)
        .u32(0)
        .bytes(new byte[4]);
  }

  private RequestBytes attributes(long of) {
    return kernel.request(Opcode.GETATTR, of).u64(0).u64(0);
  }

  private long lookup(String name) {
    return kernel.call(kernel.request(Opcode.LOOKUP, 1).string(name)).body().getLong(0);
  }

  @Test
  void inodesHaveOtherIdsAndTheirOwnNumbers() throws Exception {
    replace();
    Answer found = kernel.call(kernel.request(Opcode.LOOKUP, 1).string("a"));
    long other = found.body().getLong(0);
    assertThat(other).isNotEqualTo(node);
    assertThat(found.body().getLong(40)).as("st_ino").isEqualTo(node);
    assertThat(error(attributes(other))).isZero();
    assertThat(error(write(other, handle))).isZero();

    replace();
    assertThat(lookup("a")).isNotIn(node, other);
    assertThat(error(attributes(other))).isEqualTo(ESTALE);
    assertThat(error(attributes(1))).isZero();
  }

  @Test
  void whatTheKernelKnewIsStaleAndCanBeGivenBack() throws Exception {
    replace();
    assertThat(error(write(node, handle))).isEqualTo(ESTALE);
    assertThat(error(attributes(node))).isEqualTo(ESTALE);
    assertThat(error(kernel.request(Opcode.OPEN, node).u32(0).u32(0))).isEqualTo(ESTALE);
    assertThat(error(kernel.request(Opcode.FSYNC, node).u64(handle).u64(0))).isEqualTo(ESTALE);
    assertThat(error(kernel.request(Opcode.LINK, 1).u64(node).string("b"))).isEqualTo(ESTALE);
    assertThat(error(kernel.request(Opcode.RENAME, 1).u64(node).string("a").string("b")))
        .isEqualTo(ESTALE);
    assertThat(fileSystem.openHandles()).isEqualTo(1);
    assertThat(error(kernel.request(Opcode.RELEASE, node).u64(handle).u64(0).u64(0))).isZero();
    assertThat(fileSystem.openHandles()).isZero();
  }

  /** An error would be noted against the mount (NodeOperations). */
  @Test
  void timesThatTheKernelKeptAreTakenAndAreNobodys() throws Exception {
    replace();
    long other = lookup("a");
    long before = kernel.call(attributes(other)).body().getLong(16 + 32);
    for (int valid : new int[] {0, Flags.SET_HANDLE}) {
      RequestBytes times =
          kernel
              .request(Opcode.SETATTR, node)
              .u32(valid | Flags.SET_MTIME | Flags.SET_CTIME)
              .u32(0)
              .u64(handle)
              .u64(0)
              .u64(0)
              .u64(0)
              .u64(12345)
              .u64(12345)
              .bytes(new byte[32]);
      assertThat(error(times)).isZero();
    }
    assertThat(kernel.call(attributes(other)).body().getLong(16 + 32)).isEqualTo(before);
  }

  @Test
  void locksFromBeforeAreGivenUpByWhoHadThem() throws Exception {
    LockSession others = locks.session();
    WantedLock wanted =
        new WantedLock(
            new Ino(node), LockKind.POSIX, 5, ByteRange.ALL, LockMode.EXCLUSIVE, 78, 9);
    assertThat(error(lock(1, WRITE_LOCK))).isZero();
    assertThat(error(lock(2, WRITE_LOCK))).isEqualTo(Errno.EAGAIN.number());
    replace();
    assertThat(error(lock(1, WRITE_LOCK))).isEqualTo(ESTALE);
    assertThat(others.tryLock(wanted)).isFalse();
    assertThat(error(lock(1, UNLOCK))).isZero();
    assertThat(others.tryLock(wanted)).isTrue();
    assertThat(error(kernel.request(Opcode.FLUSH, node).u64(handle).u64(0).u64(1))).isZero();
  }

  private RequestBytes lock(long owner, int type) {
    return kernel
        .request(Opcode.SETLK, node)
        .u64(handle)
        .u64(owner)
        .u64(0)
        .u64(Long.MAX_VALUE)
        .u32(type)
        .u32(77)
        .u32(0)
        .u32(0);
  }

  @Test
  void requestsWaitUntilTheFilesAreReplaced() throws Exception {
    assertThat(session.hold(SOON)).isTrue();
    CompletableFuture<@Nullable Answer> written = kernel.send(write(node, handle).toBytes());
    CompletableFuture<@Nullable Answer> found =
        kernel.send(kernel.request(Opcode.LOOKUP, 1).string("a").toBytes());
    CompletableFuture<@Nullable Answer> interrupted =
        kernel.send(kernel.request(Opcode.STATFS, 1).toBytes());
    kernel.interrupt(kernel.lastUnique());
    assertThat(interrupted.join()).extracting(Answer::error).isEqualTo(-Errno.EINTR.number());
    assertThat(written).isNotDone();
    assertThat(found).isNotDone();
    session.renumber(EPOCH);
    session.goOn();
    assertThat(written.join()).extracting(Answer::error).isEqualTo(-ESTALE);
    assertThat(found.join()).extracting(Answer::error).isEqualTo(0);
  }

  /** Else it might be done to the files of then. */
  @Test
  void whatIsUnderWayEndsFirst() throws Exception {
    slow = true;
    CompletableFuture<@Nullable Answer> written = kernel.send(write(node, handle).toBytes());
    begun.await();
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    Thread replacing =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    answered.complete(session.hold(SOON) && written.isDone());
                  } catch (InterruptedException e) {
                    answered.completeExceptionally(e);
                  }
                });
    while (replacing.getState() != Thread.State.TIMED_WAITING) {
      assertThat(answered).isNotDone();
      Thread.onSpinWait();
    }
    end.countDown();
    assertThat(answered.join()).isTrue();
    session.goOn();
    assertThat(written.join()).extracting(Answer::error).isEqualTo(0);
  }

  @Test
  void requestsThatDoNotEndHoldNobodyBack() throws Exception {
    slow = true;
    CompletableFuture<@Nullable Answer> written = kernel.send(write(node, handle).toBytes());
    begun.await();
    assertThat(session.hold(Duration.ofMillis(20))).isFalse();
    assertThat(lookup("a")).isEqualTo(node);
    end.countDown();
    assertThat(written.join()).extracting(Answer::error).isEqualTo(0);
  }

  @Test
  void ifNothingIsReplacedRequestsGoOnAsBefore() throws Exception {
    assertThat(session.hold(SOON)).isTrue();
    CompletableFuture<@Nullable Answer> written = kernel.send(write(node, handle).toBytes());
    session.goOn();
    assertThat(written.join()).extracting(Answer::error).isEqualTo(0);
    assertThat(lookup("a")).isEqualTo(node);
  }
}
