package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.fake.FakeKernel;
import io.strata.fuse.fake.FakeKernel.Answer;
import io.strata.fuse.fake.Hindrance;
import io.strata.fuse.fake.MemFileSystem;
import io.strata.fuse.fake.RequestBytes;
import io.strata.platform.SystemPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that must wait for the store. */
@Timeout(120)
class WaitingTest {
  /** Room for an answer, so that many can wait. */
  private static final int REPLY_BYTES = 4096;

  /** Reads wait until the gate opens, or are interrupted. */
  private static final class Gate implements Hindrance {
    final CountDownLatch open = new CountDownLatch(1);
    final CountDownLatch entered = new CountDownLatch(1);
    final List<Thread> triedBy = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void before(String operation, Caller caller, Ino ino) throws FsException {
      triedBy.add(Thread.currentThread());
      if (!caller.mayWait()) {
        throw new WouldBlock();
      }
      entered.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new FsException(Errno.EINTR, "interrupted", e);
      }
    }
  }

  private final Gate gate = new Gate();
  private final FuseSession session =
      new FuseSession(
          new MemFileSystem(gate), SessionOptions.standard(), SystemPlatform.create(), null);
  private final FakeKernel kernel = new FakeKernel(session);
  private final long handle = created();

  private long created() {
    kernel.init();
    return kernel
        .call(kernel.request(Opcode.CREATE, 1).u32(2).u32(0100644).u32(0).u32(0).string("a"))
        .body()
        .getLong(128);
  }

  private RequestBytes read() {
    return kernel.request(Opcode.READ, 2).u64(handle).u64(0).u32(10).bytes(new byte[20]);
  }

  @Test
  void othersAreServedMeanwhile() throws Exception {
    CompletableFuture<@Nullable Answer> blocked = kernel.send(read().toBytes());
    assertThat(gate.entered.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(kernel.call(kernel.request(Opcode.STATFS, 1)).error()).isZero();
    assertThat(session.stats().waiting()).isEqualTo(1);
    assertThat(blocked).isNotDone();
    gate.open.countDown();
    assertThat(blocked.join()).extracting(Answer::error).isEqualTo(0);
    assertThat(gate.triedBy).hasSize(2);
    assertThat(gate.triedBy.getFirst()).isSameAs(Thread.currentThread());
    assertThat(gate.triedBy.getLast().isVirtual()).isTrue();
  }

  @Test
  void syncDoesNotTryToDoWithoutWaiting() {
    gate.open.countDown();
    assertThat(kernel.call(kernel.request(Opcode.FSYNC, 2).u64(handle).u64(0)).error()).isZero();
    assertThat(gate.triedBy).hasSize(1);
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    RequestBytes read = read();
    long unique = kernel.lastUnique();
    CompletableFuture<@Nullable Answer> blocked = kernel.send(read.toBytes());
    assertThat(gate.entered.await(60, TimeUnit.SECONDS)).isTrue();
    kernel.interrupt(unique);
    assertThat(blocked.join()).extracting(Answer::error).isEqualTo(-Errno.EINTR.number());
  }

  @Test
  void anInterruptMayComeBeforeItsRequest() {
    RequestBytes read = read();
    long unique = kernel.lastUnique();
    kernel.interrupt(unique);
    assertThat(kernel.call(read).error()).isEqualTo(-Errno.EINTR.number());
    CompletableFuture<@Nullable Answer> next = kernel.send(read().toBytes());
    assertThat(next).as("an interrupt counts once").isNotDone();
    gate.open.countDown();
    assertThat(next.join()).extracting(Answer::error).isEqualTo(0);
  }

  @Test
  void interruptsForWhatIsLongAnsweredAreForgotten() {
    for (long unique = 1000; unique < 3000; unique += 2) {
      kernel.interrupt(unique);
    }
    gate.open.countDown();
    RequestBytes old =
        new RequestBytes(Opcode.READ.number(), 1000, 2)
            .u64(handle)
            .u64(0)
            .u32(10)
            .bytes(new byte[20]);
    assertThat(kernel.call(old).error()).isZero();
  }

  @Test
  void theEndInterruptsWhatDoesNotEndByItself() throws Exception {
    CompletableFuture<@Nullable Answer> blocked = kernel.send(read().toBytes());
    assertThat(gate.entered.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(session.close(Duration.ofSeconds(2))).isTrue();
    assertThat(blocked.join()).extracting(Answer::error).isEqualTo(-Errno.EINTR.number());
  }

  @Test
  void manyInterruptsAndRequestsRaceWithoutHarm() throws Exception {
    List<CompletableFuture<@Nullable Answer>> answers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] read = read().toBytes();
      long unique = kernel.lastUnique();
      threads.add(Thread.ofPlatform().start(() -> kernel.interrupt(unique)));
      answers.add(kernel.send(read, REPLY_BYTES, true));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    for (CompletableFuture<@Nullable Answer> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS))
          .extracting(Answer::error)
          .isEqualTo(-Errno.EINTR.number());
    }
    assertThat(session.close(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void whateverAFilesystemThrowsIsAnError() {
    Hindrance broken =
        (operation, caller, ino) -> {
          throw new IllegalStateException("broken on purpose");
        };
    FakeKernel other =
        new FakeKernel(
            new FuseSession(
                new MemFileSystem(broken),
                SessionOptions.standard(),
                SystemPlatform.create(),
                null));
    other.init();
    long opened =
        other
            .call(other.request(Opcode.CREATE, 1).u32(2).u32(0100644).u32(0).u32(0).string("a"))
            .body()
            .getLong(128);
    RequestBytes read =
        other.request(Opcode.READ, 2).u64(opened).u64(0).u32(10).bytes(new byte[20]);
    assertThat(other.call(read).error()).isEqualTo(-Errno.EIO.number());
  }
}
