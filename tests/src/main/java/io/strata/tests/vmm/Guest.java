package io.strata.tests.vmm;

import io.strata.fuse.abi.Opcode;
import io.strata.fuse.linux.Errors;
import io.strata.fuse.linux.EventDescriptor;
import io.strata.fuse.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A virtual machine with a virtio-fs device: memory, queues, and one connection after another with
 * a back end. Requests may be made on any thread; connecting and its opposite are one thread's.
 */
public final class Guest implements AutoCloseable {
  /** Longer than any request may take that is not stuck. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** ACKNOWLEDGE, DRIVER, FEATURES_OK and DRIVER_OK (virtio 1.2, 2.1). */
  private static final int RUNNING = 1 | 2 | 8 | 4;

  private static final int ECONNREFUSED = 111;

  /** The queue for what is urgent: FORGET and INTERRUPT. */
  public static final int URGENT = 0;

  private final GuestOptions options;
  private final GuestRam ram;
  private final List<GuestQueue> queues = new ArrayList<>();
  private final int[] bases;
  private final AtomicLong unique = new AtomicLong();
  private final EventDescriptor ending = EventDescriptor.create();
  private final @Nullable Thread reaping;
  private @Nullable FrontEnd frontEnd;
  private @Nullable Inflight inflight;

  /** What a new back end is to be given first. */
  private byte @Nullable [] arriving;

  private volatile boolean closed;

  /** A machine that is connected with nothing. */
  public Guest(GuestOptions options) throws SystemCallException {
    this.options = options;
    int count = 1 + options.requestQueues();
    ram = new GuestRam(roundUp(count * GuestQueue.bytes(options) + (64 << 20)), 1 << 20);
    boolean packed = (options.features() & Features.PACKED) != 0;
    boolean indirect = (options.features() & Features.INDIRECT) != 0;
    boolean events = (options.features() & Features.EVENT_INDEX) != 0;
    bases = new int[count];
    for (int i = 0; i < count; i++) {
      DriverRing ring =
          packed
              ? new PackedRing(ram, options.queueSize(), events, indirect)
              : new SplitRing(ram, options.queueSize(), events, indirect);
      queues.add(new GuestQueue(ram, ring, options));
      bases[i] = packed ? ring.baseAfterCrash() : 0;
    }
    reaping = options.reaping() ? Thread.ofPlatform().daemon().start(this::reap) : null;
  }

  /** A machine that is connected and runs. */
  public static Guest boot(Path socket, GuestOptions options) throws IOException {
    Guest guest = new Guest(options);
    guest.queues.forEach(GuestQueue::beginConnection);
    guest.connect(socket);
    return guest;
  }

  private static long roundUp(long bytes) {
    return Math.ceilDiv(bytes, 1L << 21) << 21;
  }

  /** Connects with a back end that listens, and starts all queues where they were. */
  public void connect(Path socket) throws IOException {
    begin(FrontEnd.connect(socket));
  }

  private void begin(FrontEnd connecting) throws IOException {
    frontEnd = connecting;
    connecting.negotiate(options);
    connecting.acknowledgeFeatures(false);
    if (connecting.has(Features.INFLIGHT_SHMFD)) {
      if (inflight == null) {
        inflight = connecting.newInflight(queues.size(), options.queueSize());
      }
      connecting.setInflight(inflight, queues.size(), options.queueSize());
    }
    connecting.share(ram.regions());
    if (arriving != null) {
      connecting.loadState(arriving);
      arriving = null;
    }
    for (int i = 0; i < queues.size(); i++) {
      connecting.start(i, queues.get(i), ram, bases[i]);
    }
    for (int i = 0; i < queues.size(); i++) {
      connecting.enable(i, true);
    }
    if (connecting.has(Features.STATUS)) {
      connecting.tell(Message.of(Message.SET_STATUS, Message.u64(RUNNING)));
    }
    // What was offered while nobody listened.
    queues.forEach(queue -> queue.kick().signal());
  }

  /**
   * Waits until a back end listens again, and goes on with it as after a crash. The last one must
   * be gone for good.
   */
  public void reconnect(Path socket) throws IOException, InterruptedException {
    hangUp();
    for (int i = 0; i < queues.size(); i++) {
      queues.get(i).beginConnection();
      bases[i] = queues.get(i).ring().baseAfterCrash();
    }
    begin(awaitListener(socket));
  }

  private static FrontEnd awaitListener(Path socket) throws IOException, InterruptedException {
    long began = System.nanoTime();
    while (true) {
      try {
        return FrontEnd.connect(socket);
      } catch (SystemCallException e) {
        boolean later = e.errno() == Errors.ENOENT || e.errno() == ECONNREFUSED;
        if (!later || System.nanoTime() - began > PATIENCE.toNanos()) {
          throw e;
        }
        Thread.sleep(10);
      }
    }
  }

  /** Stops all queues as for a migration: the back end has ended all requests that it took. */
  public void pause() throws IOException {
    FrontEnd connected = frontEnd();
    for (int i = 0; i < queues.size(); i++) {
      bases[i] = connected.stop(i);
    }
  }

  /** Stops, and gets what another back end needs to go on from here; then hangs up. */
  public byte[] depart() throws IOException {
    pause();
    byte[] state = frontEnd().saveState();
    hangUp();
    if (inflight != null) {
      inflight.file().close();
      inflight = null; // all requests have ended
    }
    return state;
  }

  /** Goes on with another back end, which waits for that. */
  public void arrive(Path socket, byte[] state) throws IOException, InterruptedException {
    queues.forEach(GuestQueue::beginConnection);
    arriving = state;
    begin(awaitListener(socket));
  }

  /** Breaks the connection off, whatever is in flight. */
  public void hangUp() throws IOException {
    if (frontEnd != null) {
      frontEnd.close();
      frontEnd = null;
    }
  }

  /** The connection. */
  public FrontEnd frontEnd() {
    if (frontEnd == null) {
      throw new IllegalStateException("not connected");
    }
    return frontEnd;
  }

  /** Its memory. */
  public GuestRam ram() {
    return ram;
  }

  /** The queue for what is urgent, then those for requests. */
  public List<GuestQueue> queues() {
    return queues;
  }

  /** A number that no request of this guest has had. */
  public long nextUnique() {
    return unique.addAndGet(2);
  }

  /** Sends a request on any of the request queues. */
  public CompletableFuture<FuseAnswer> send(FuseRequest request) throws InterruptedException {
    long number = nextUnique();
    return send(request, number, 1 + (int) (number / 2 % options.requestQueues()));
  }

  /** Sends a request with a number on a certain queue. */
  public CompletableFuture<FuseAnswer> send(FuseRequest request, long number, int queue)
      throws InterruptedException {
    Opcode opcode = Opcode.of(request.opcode());
    boolean answered = opcode == null || opcode.answered();
    return queues.get(queue).send(request, number, answered);
  }

  /** Sends a request and waits for the answer. */
  public FuseAnswer call(FuseRequest request) throws InterruptedException {
    return await(send(request));
  }

  /** Waits for what {@link #send} promised, but not for ever. */
  public <T> T await(CompletableFuture<T> future) throws InterruptedException {
    long began = System.nanoTime();
    while (!options.reaping()
        && !future.isDone()
        && System.nanoTime() - began < PATIENCE.toNanos()) {
      queues.forEach(GuestQueue::reap);
    }
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the device misbehaved", e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer", e);
    }
  }

  private void reap() {
    try (Reaper reaper = new Reaper(queues, List.of(ending.descriptor()))) {
      while (!closed) {
        reaper.reap(null);
      }
    } catch (SystemCallException e) {
      throw new IllegalStateException("cannot wait for the device", e);
    } catch (InternalError _) {
      // Somebody has cut the memory off: nothing comes back any more.
    }
  }

  /** Turns the machine off. */
  @Override
  public void close() throws IOException {
    hangUp();
    closed = true;
    ending.signal();
    try {
      if (reaping != null) {
        reaping.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (inflight != null) {
      inflight.file().close();
    }
    queues.forEach(GuestQueue::close);
    ending.close();
    ram.close();
  }
}
