package io.strata.vhost.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The device over a volume in memory, with chains that have no ring. */
class VirtioFsDeviceTest {
  private static final int EIO = 5;
  private static final int EBADF = 9;
  private static final int EINVAL = 22;
  private static final int ENOSYS = 38;
  private static final int HEADER = 16;
  private static final int REPLY = 4096;

  /** What waits runs when the test says so. */
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  private volatile boolean atOnce = true;

  private final Platform platform =
      new Platform(
          ManualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z")),
          new SplittableRandom(1),
          ForkJoinPool.commonPool(),
          task -> Thread.ofVirtual().start(task));

  private final Platform gated =
      new Platform(platform.clock(), platform.random(), platform.workers(), this::execute);

  private final List<FuseSession> made = new ArrayList<>();
  private Volume volume;
  private VirtioFsDevice device;
  private long unique = 2;

  private void execute(Runnable task) {
    if (atOnce) {
      task.run();
    } else {
      waiting.add(task);
    }
  }

  private final class Sessions implements FsSessions {
    @Override
    public FuseSession fresh() {
      FuseSession session =
          new FuseSession(volume.fileSystem(), SessionOptions.standard(), gated, null);
      made.add(session);
      return session;
    }

    @Override
    public FuseSession resumed() {
      return fresh();
    }

    @Override
    public byte[] save(FuseSession session) {
      return "saved".getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public FuseSession load(byte[] state) throws IOException {
      if (!Arrays.equals(state, save(device.session()))) {
        throw new IOException("no state of ours");
      }
      return fresh();
    }
  }

  @BeforeEach
  void setUp() throws Exception {
    MemStore store = new MemStore();
    Volume.format(store, FormatOptions.DEFAULT, platform);
    volume = Volume.open(store, OpenOptions.DEFAULT, platform);
    device = new VirtioFsDevice(new FsConfig("strata", 2), new Sessions(), 0, this::execute);
  }

  /** On threads of their own: interrupts are for them. */
  private void runWaiting() throws InterruptedException {
    while (!waiting.isEmpty()) {
      Thread.startVirtualThread(waiting.remove()).join();
    }
  }

  @AfterEach
  void tearDown() throws Exception {
    runWaiting();
    atOnce = true;
    device.close();
    volume.abandon();
  }

  private ChainFake send(int queue, byte[] request, int replyBytes) {
    ChainFake chain = new ChainFake(request, replyBytes);
    device.accept(queue, chain);
    return chain;
  }

  private ChainFake send(byte[] request) {
    return send(1, request, REPLY);
  }

  private long next() {
    return unique += 2;
  }

  /** The handle of a new file, and its node. */
  private record File(long node, long handle) {}

  private File create(String name) {
    ChainFake created = send(FuseBytes.create(next(), name));
    assertThat(created.errno()).isZero();
    byte[] reply = created.written();
    return new File(FuseBytes.u64(reply, HEADER), FuseBytes.u64(reply, HEADER + 128));
  }

  private void init() {
    ChainFake chain = send(FuseBytes.init(next()));
    assertThat(chain.errno()).isZero();
    ByteBuffer reply = ByteBuffer.wrap(chain.written()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(reply.getInt(HEADER)).isEqualTo(7);
    assertThat(reply.getInt(HEADER + 20)).as("bytes of a WRITE").isEqualTo(1 << 20);
    assertThat(reply.getShort(HEADER + 28)).as("pages of a request").isEqualTo((short) 256);
  }

  @Test
  void configurationSaysTagAndQueues() {
    byte[] config = new byte[device.configBytes()];
    device.readConfig(0, config);
    assertThat(new String(config, 0, 36, StandardCharsets.UTF_8))
        .isEqualTo("strata" + "\0".repeat(30));
    assertThat(config).hasSize(44).containsSubsequence(2, 0, 0, 0, 0, 0, 0, 0);
    assertThat(config[36]).isEqualTo((byte) 2);
    assertThat(device.queueCount()).isEqualTo(3);
    assertThat(device.deviceFeatures()).isZero();
    assertThat(device.writeConfig(36, new byte[] {2, 0}, true)).isTrue();
    assertThat(device.writeConfig(36, new byte[] {3, 0}, true)).isFalse();
    assertThat(device.writeConfig(36, new byte[] {2, 0}, false)).isFalse();
    for (String tag : List.of("", "x".repeat(37), "a\0b", "\u00e4".repeat(19))) {
      assertThatThrownBy(() -> new FsConfig(tag, 1)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new FsConfig("t", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FsConfig("t", 65)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void filesAreWrittenAndReadInRequestsOfAnySize() {
    init();
    File file = create("file");
    for (int size : new int[] {1, 4096, 100_000, 1 << 20}) {
      byte[] data = new byte[size];
      new Random(size).nextBytes(data);
      ChainFake written =
          send(2, FuseBytes.write(next(), file.node, file.handle, 0, data), HEADER + 8);
      assertThat(written.errno()).isZero();
      assertThat(FuseBytes.u64(written.written(), HEADER)).isEqualTo(size);
      ChainFake read =
          send(1, FuseBytes.read(next(), file.node, file.handle, 0, size), HEADER + size);
      assertThat(Arrays.copyOfRange(read.written(), HEADER, HEADER + size)).isEqualTo(data);
    }
  }

  @Test
  void requestsWithoutRoomForAReplyAreCompletedWithNothing() {
    init();
    assertThat(send(0, FuseBytes.forget(next(), 1), 0).written()).isEmpty();
    assertThat(send(0, FuseBytes.interrupt(4711), 0).written()).isEmpty();
    assertThat(send(0, FuseBytes.interrupt(4711), REPLY).written()).isEmpty();
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isZero();
    assertThat(device.session().stats().malformed()).isZero();
    assertThat(send(1, FuseBytes.getattr(next(), 1), 0).written()).isEmpty();
    assertThat(send(1, FuseBytes.getattr(next(), 1), HEADER - 1).written()).isEmpty();
    assertThat(send(1, FuseBytes.getattr(next(), 1), HEADER).errno()).isEqualTo(EIO);
    assertThat(device.session().stats().malformed()).isEqualTo(3);
  }

  @Test
  void messagesThatLieAreErrorsOfThatRequest() {
    init();
    assertThat(send(new byte[0]).written()).isEmpty();
    assertThat(send(new byte[39]).written()).isEmpty();
    byte[] cut = Arrays.copyOf(FuseBytes.getattr(next(), 1), 50);
    assertThat(send(cut).errno()).isEqualTo(EINVAL);
    byte[] longer = Arrays.copyOf(FuseBytes.getattr(next(), 1), 100);
    assertThat(send(longer).errno()).isEqualTo(EINVAL);
    byte[] huge = Arrays.copyOf(FuseBytes.getattr(next(), 1), 3 << 20);
    assertThat(send(huge).errno()).isEqualTo(EINVAL);
    assertThat(send(FuseBytes.request(999, next(), 1, new byte[0])).errno()).isEqualTo(ENOSYS);
    assertThat(send(FuseBytes.read(next(), 1, 12345, 0, Integer.MAX_VALUE)).errno())
        .isEqualTo(EBADF);
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isZero();
  }

  @Test
  void nothingIsServedBeforeInit() {
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isEqualTo(EIO);
    init();
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isZero();
  }

  @Test
  void anotherInitBeginsAnotherSession() {
    init();
    File file = create("file");
    assertThat(send(FuseBytes.read(next(), file.node, file.handle, 0, 1)).errno()).isZero();
    init();
    assertThat(made).hasSize(2);
    assertThat(send(FuseBytes.read(next(), file.node, file.handle, 0, 1)).errno()).isEqualTo(EBADF);
    assertThat(send(FuseBytes.getattr(next(), file.node)).errno()).isZero();
    device.reset();
    assertThat(send(FuseBytes.getattr(next(), file.node)).errno()).isEqualTo(EIO);
    init();
    assertThat(made).hasSize(3);
  }

  @Test
  void stateMovesBetweenDevices() throws Exception {
    init();
    byte[] state = device.saveState();
    device.loadState(state);
    assertThat(made).hasSize(2);
    assertThatThrownBy(() -> device.loadState(new byte[0])).isInstanceOf(IOException.class);
  }

  @Test
  void whatWaitsHoldsNoThreadAndCanBeAwaited() throws Exception {
    init();
    File file = create("file");
    atOnce = false;
    List<ChainFake> syncs = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      syncs.add(send(FuseBytes.fsync(next(), file.node, file.handle)));
    }
    assertThat(syncs).noneMatch(ChainFake::isCompleted);
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).as("others go on").isZero();
    assertThat(send(0, FuseBytes.interrupt(unique - 2), 0).written()).isEmpty();
    runWaiting();
    assertThat(syncs).allMatch(chain -> chain.errno() == 0);
    assertThat(device.quiesce()).isTrue();
  }

  @Test
  void largeRequestsWaitForRoomInALineAndNobodyElseDoes() throws Exception {
    init();
    File file = create("file");
    byte[] data = new byte[1 << 20];
    assertThat(send(1, FuseBytes.write(next(), file.node, file.handle, 0, data), 64).errno())
        .isZero();
    // Requests that hold their room: writes to a file that is opened O_SYNC wait for the store.
    File synchronous = openSynchronous(file.node);
    atOnce = false;
    List<ChainFake> held = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      held.add(
          send(1, FuseBytes.write(next(), file.node, synchronous.handle, 0, data), HEADER + 8));
    }
    assertThat(waiting).as("as many as have room").hasSize(3);
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isZero();
    assertThat(send(0, FuseBytes.forget(next(), 1), 0).isCompleted()).isTrue();
    ChainFake behind =
        send(1, FuseBytes.read(next(), file.node, file.handle, 0, 1 << 20), HEADER + (1 << 20));
    assertThat(behind.isCompleted()).as("the line is not jumped").isFalse();
    runWaiting();
    assertThat(held).allMatch(chain -> chain.isCompleted() && chain.errno() == 0);
    assertThat(behind.written()).hasSize(HEADER + (1 << 20));
    assertThat(device.quiesce()).isTrue();
  }

  private File openSynchronous(long node) {
    int flags = 2 | 04010000; // O_RDWR | O_SYNC
    byte[] arguments = FuseBytes.arguments(8).putInt(flags).array();
    ChainFake opened = send(FuseBytes.request(FuseBytes.OPEN, next(), node, arguments));
    assertThat(opened.errno()).isZero();
    return new File(node, FuseBytes.u64(opened.written(), HEADER));
  }

  @Test
  void memoryThatIsTornAwayEndsInNothing() throws Exception {
    init();
    ChainFake unread = new ChainFake(FuseBytes.getattr(next(), 1), REPLY);
    unread.torn = true;
    device.accept(1, unread);
    assertThat(unread.written()).isEmpty();
    File file = create("file");
    atOnce = false;
    ChainFake unanswered = send(FuseBytes.fsync(next(), file.node, file.handle));
    unanswered.torn = true;
    runWaiting();
    assertThat(unanswered.written()).isEmpty();
    atOnce = true;
    assertThat(send(FuseBytes.getattr(next(), 1)).errno()).isZero();
  }

  @Test
  void aClosedDeviceKeepsNoChain() {
    init();
    File file = create("file");
    byte[] data = new byte[1 << 20];
    File synchronous = openSynchronous(file.node);
    atOnce = false;
    List<ChainFake> held = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      held.add(send(1, FuseBytes.write(next(), file.node, synchronous.handle, 0, data), 64));
    }
    assertThat(waiting).hasSize(3);
    waiting.remove().run();
    assertThat(waiting).as("the next in the line").hasSize(3);
    List<Runnable> begun = List.copyOf(waiting);
    waiting.clear();
    // Before any of them makes room for another one.
    atOnce = true;
    begun.forEach(Thread::startVirtualThread);
    device.close();
    assertThat(held).allMatch(ChainFake::isCompleted);
  }
}
