package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.WouldBlock;
import io.strata.fs.locks.LockSession;
import io.strata.fs.continuity.Client;
import io.strata.fs.continuity.Clients;
import io.strata.fs.continuity.EarlierRequest;
import io.strata.fs.continuity.RequestRecord;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.MalformedRequest;
import io.strata.fuse.abi.NodeIds;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.Reply;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.RequestDecoder;
import io.strata.fuse.abi.RequestHeader;
import io.strata.fuse.abi.SessionRequest;
import io.strata.fs.schema.Ino;
import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with a kernel, from INIT to its end. Safe for any number of transport threads.
 *
 * <p>{@link #accept} tries a request on the thread that brings it. If it would have to wait it runs
 * again, from its start, on a thread of {@link Platform#waiting()}.
 */
public final class FuseSession {
  private static final Logger LOG = LoggerFactory.getLogger(FuseSession.class);

  private final SessionOptions options;
  private final Clock clock;
  private final Clients clients;
  private final String name;
  private final OpenHandles handles;
  private final @Nullable LockSession locks;
  private final Dispatcher dispatcher;
  private final WaitingRequests waiting;
  private final SlowRequests slow;

  /** Complete, and not changed after construction. */
  private final Map<Opcode, OperationMeter> meters = new EnumMap<>(Opcode.class);

  private final AtomicLong malformed = new AtomicLong();
  private final CompletableFuture<Negotiated> initialized = new CompletableFuture<>();

  /** Set by INIT, before which the kernel sends nothing else. */
  private volatile RequestDecoder decoder = new RequestDecoder(false);

  private volatile @Nullable OpenMode openMode;

  private volatile Client client;

  /** Changed only while the gate is closed. */
  private volatile NodeIds ids = NodeIds.FIRST;

  private final RequestGate gate = new RequestGate();

  private volatile boolean refusing;

  /**
   * A session that nobody has initialised yet and that ends with the process.
   *
   * @param notifier tells the kernel what to forget; null if the transport cannot
   */
  public FuseSession(
      FileSystem fileSystem,
      SessionOptions options,
      Platform platform,
      @Nullable Notifier notifier) {
    this(fileSystem, options, platform, notifier, null);
  }

  /**
   * A session that nobody has initialised yet, of a kernel that shares locks with others.
   *
   * @param notifier as above
   * @param locks its locks, which end with the session; null if the kernel keeps its own
   */
  public FuseSession(
      FileSystem fileSystem,
      SessionOptions options,
      Platform platform,
      @Nullable Notifier notifier,
      @Nullable LockSession locks) {
    this(fileSystem, options, platform, notifier, locks, Clients.FORGOTTEN, "", Client.FORGOTTEN);
  }

  /**
   * A session with a kernel that goes on when another process takes the place of this one, or has
   * gone on since an earlier one: if its first request is not INIT, it is served as if it had been
   * initialised here.
   *
   * @param notifier tells the kernel what to forget; null if the transport cannot
   * @param locks its locks, which end with the session; null if the kernel keeps its own
   * @param clients the clients of the filesystem's volume
   * @param name what this kernel is known by from one process to the next
   */
  public static FuseSession lasting(
      FileSystem fileSystem,
      SessionOptions options,
      Platform platform,
      @Nullable Notifier notifier,
      @Nullable LockSession locks,
      Clients clients,
      String name) {
    Optional<Client> before = clients.resume(name);
    Client client = before.orElse(Client.FORGOTTEN);
    FuseSession session =
        new FuseSession(fileSystem, options, platform, notifier, locks, clients, name, client);
    if (before.isPresent()) {
      session.restore(Negotiated.decode(client.session()));
    }
    return session;
  }

  private FuseSession(
      FileSystem fileSystem,
      SessionOptions options,
      Platform platform,
      @Nullable Notifier notifier,
      @Nullable LockSession locks,
      Clients clients,
      String name,
      Client client) {
    this.options = options;
    this.locks = locks;
    this.clock = platform.clock();
    this.clients = clients;
    this.name = name;
    this.client = client;
    this.handles = new OpenHandles(fileSystem, client);
    this.dispatcher = new Dispatcher(fileSystem, handles, options, clock, notifier, locks);
    this.waiting = new WaitingRequests(platform.waiting());
    this.slow = new SlowRequests(waiting, clock, options.slowAfter());
    for (Opcode opcode : Opcode.values()) {
      meters.put(opcode, new OperationMeter(opcode));
    }
  }

  private void restore(Optional<Negotiated> before) {
    before.ifPresentOrElse(
        negotiated -> {
          serve(negotiated);
          initialized.complete(negotiated);
          LOG.info("{}: goes on where an earlier process stopped", name);
        },
        () -> LOG.warn("{}: written by another version; its kernel has to mount anew", name));
  }

  private void serve(Negotiated negotiated) {
    decoder = new RequestDecoder(negotiated.has(InitFlags.SETXATTR_EXT));
    openMode =
        new OpenMode(
            options.cache(),
            negotiated.writebackCache(),
            negotiated.submounts(),
            locks != null);
  }

  /** Completes when the kernel has been answered INIT, or exceptionally if that failed. */
  public CompletableFuture<Negotiated> initialized() {
    return initialized.copy();
  }

  /** Takes a request over from the transport. Never throws; never waits for the store. */
  public void accept(Exchange exchange) {
    long began = clock.nanoTime();
    RequestHeader header;
    try {
      header = RequestHeader.decode(exchange.request());
    } catch (MalformedRequest e) {
      reportMalformed(e.getMessage());
      exchange.discard();
      return;
    }
    Opcode opcode = Opcode.of(header.opcode());
    if ((opcode == null || opcode.answered())
        && exchange.reply().byteSize() < ReplyHeader.BYTES) {
      reportMalformed("there is no room for a reply to request " + header.unique());
      exchange.discard();
      return;
    }
    RequestInProgress progress = decode(exchange, header, began);
    if (progress != null) {
      begin(progress);
    }
  }

  /** Null if the request is answered already, because it made no sense. */
  private @Nullable RequestInProgress decode(Exchange exchange, RequestHeader header, long began) {
    Opcode opcode = Opcode.of(header.opcode());
    try {
      Request request = decoder.decode(header, exchange.request());
      if (opcode != null && request != null) {
        return new RequestInProgress(exchange, header, opcode, request, began);
      }
      LOG.debug("unknown operation {}", header.opcode());
      sendError(exchange, header, Errno.ENOSYS);
    } catch (MalformedRequest e) {
      reportMalformed(e.getMessage());
      refuse(exchange, header, opcode, Errno.EINVAL);
    } catch (FsException e) {
      refuse(exchange, header, opcode, e.errno());
    }
    return null;
  }

  /** A kernel that sends many does not fill the log: it is told at powers of two. */
  private void reportMalformed(@Nullable String message) {
    long count = malformed.incrementAndGet();
    if (Long.bitCount(count) == 1) {
      LOG.warn("malformed request (number {}): {}", count, message);
    } else {
      LOG.debug("malformed request: {}", message);
    }
  }

  private static void refuse(
      Exchange exchange, RequestHeader header, @Nullable Opcode opcode, Errno errno) {
    if (opcode == null || opcode.answered()) {
      sendError(exchange, header, errno);
    } else {
      exchange.discard();
    }
  }

  private void begin(RequestInProgress progress) {
    if (LOG.isTraceEnabled()) {
      LOG.trace("{}: {}", progress.describe(), progress.request());
    }
    if (refusing && !progress.opcode().answered()) {
      withoutAnswer(progress);
      return;
    }
    switch (progress.request()) {
      case SessionRequest.Init init -> initialize(progress, init);
      case SessionRequest.Destroy _ -> destroy(progress);
      case SessionRequest.Forget _ -> {
        dispatcher.forget(ids, progress.header().nodeId());
        withoutAnswer(progress);
      }
      case SessionRequest.ForgetSeveral forget -> {
        for (long node : forget.nodes()) {
          dispatcher.forget(ids, node);
        }
        withoutAnswer(progress);
      }
      case SessionRequest.Interrupt interrupt -> {
        waiting.interrupt(interrupt.unique());
        withoutAnswer(progress);
      }
      case Request request when !progress.opcode().answered() -> withoutAnswer(progress);
      case Request request when Dispatcher.waits(request) -> runWaiting(progress);
      case Request request when Dispatcher.changes(request) -> run(progress.of(client), false);
      case Request request -> run(progress, false);
    }
  }

  private void initialize(RequestInProgress progress, SessionRequest.Init offer) {
    if (offer.major() > Reply.Initialized.MAJOR) {
      // The kernel takes the hint in this answer and comes again with major version 7.
      succeed(progress, new Negotiated(Negotiated.MINOR_MAX, 0, 0).answer(offer, options));
      return;
    }
    try {
      Negotiated negotiated = Negotiated.with(offer, options, locks != null);
      begin(negotiated);
      // Another thread may bring the next request as soon as the kernel has the answer.
      serve(negotiated);
      succeed(progress, negotiated.answer(offer, options));
      initialized.complete(negotiated);
    } catch (FsException e) {
      fail(progress, e.errno());
      initialized.completeExceptionally(e);
    }
  }

  /** A kernel begins anew: what one before it had open here is closed. */
  private synchronized void begin(Negotiated negotiated) throws FsException {
    handles.releaseAll();
    if (locks != null) {
      locks.clear();
    }
    try {
      client = clients.begin(name, negotiated.encode());
    } catch (IOException e) {
      throw new FsException(Errno.EIO, name + " cannot be remembered: " + e.getMessage(), e);
    }
    handles.begin(client);
  }

  private void destroy(RequestInProgress progress) {
    handles.releaseAll();
    if (locks != null) {
      locks.clear();
    }
    endClient();
    succeed(progress, Reply.Done.DONE);
  }

  private synchronized void endClient() {
    try {
      client.end();
    } catch (IOException e) {
      LOG.warn("{}: it is not forgotten: {}", name, e.getMessage());
    }
    client = Client.FORGOTTEN;
    handles.begin(client);
  }

  private void withoutAnswer(RequestInProgress progress) {
    meter(progress, 0, false);
    progress.exchange().discard();
  }

  private void runWaiting(RequestInProgress tried) {
    RequestInProgress progress = tried.readyToWait();
    try {
      waiting.start(progress, this::runWithRoom);
      slow.watch();
    } catch (RejectedExecutionException e) {
      LOG.error("{} cannot wait: {}", progress.describe(), e.getMessage());
      fail(progress, Errno.EIO);
    }
  }

  private void runWithRoom(RequestInProgress progress) {
    try {
      progress.exchange().awaitRoom();
    } catch (InterruptedException e) {
      LOG.debug("{} was interrupted before there was memory for it", progress.describe(), e);
      fail(progress, Errno.EINTR);
      return;
    }
    run(progress, true);
  }

  private void run(RequestInProgress progress, boolean mayWait) {
    if (!Dispatcher.needsFiles(progress.request())) {
      runNow(progress, mayWait);
      return;
    }
    try {
      gate.enter(mayWait);
    } catch (WouldBlock e) {
      runWaiting(progress);
      return;
    } catch (FsException e) {
      fail(progress, e.errno());
      return;
    }
    try {
      runNow(progress, mayWait);
    } finally {
      gate.leave();
    }
  }

  private void runNow(RequestInProgress progress, boolean mayWait) {
    OpenMode mode = openMode;
    if (mode == null || refusing) {
      LOG.debug("{} before INIT or after the end", progress.describe());
      fail(progress, Errno.EIO);
      return;
    }
    Reply reply;
    try {
      reply = answer(progress, mayWait, mode);
    } catch (WouldBlock e) {
      if (mayWait) {
        LOG.error("{} may wait and would not", progress.describe(), e);
        fail(progress, Errno.EIO);
      } else {
        runWaiting(progress);
      }
      return;
    } catch (FsException e) {
      if (e.getCause() != null && e.errno() != Errno.EINTR) {
        LOG.error("{} failed: {}", progress.describe(), e.getMessage());
        LOG.debug("{} failed", progress.describe(), e);
      }
      fail(progress, e.errno());
      return;
    } catch (RuntimeException | Error e) {
      // Whatever is wrong with one request must not end the thread that serves all others.
      LOG.error("{} failed", progress.describe(), e);
      fail(progress, Errno.EIO);
      return;
    }
    succeed(progress, reply);
  }

  private Reply answer(RequestInProgress progress, boolean mayWait, OpenMode mode)
      throws FsException {
    Call call = progress.call(mayWait, ids);
    EarlierRequest earlier = progress.earlier();
    if (earlier != null) {
      return dispatcher.answer(call, progress.request(), mode, earlier);
    }
    Reply reply = dispatcher.answer(call, progress.request(), mode);
    if (progress.request() instanceof SessionRequest.SyncAll) {
      client.syncedAll();
    }
    return reply;
  }

  private void succeed(RequestInProgress progress, Reply reply) {
    MemorySegment message = progress.exchange().reply();
    int length;
    try {
      length = ReplyHeader.BYTES + reply.encode(message.asSlice(ReplyHeader.BYTES));
      new ReplyHeader(length, 0, progress.header().unique()).encode(message);
    } catch (IndexOutOfBoundsException e) {
      reportMalformed(
          "%s left %d bytes for its reply".formatted(progress.describe(), message.byteSize()));
      undo(reply);
      fail(progress, Errno.EIO);
      return;
    }
    meter(progress, length, false);
    RequestRecord record = progress.record();
    if (record != null) {
      record.finished(reply.result());
    }
    if (!progress.exchange().send(length)) {
      undo(reply);
    }
    if (record != null) {
      record.answered();
    }
  }

  /** What the kernel did not learn to have been opened, it will not close. */
  private void undo(Reply reply) {
    if (reply instanceof Reply.Opened opened) {
      handles.releaseUnknown(opened.handle());
    } else if (reply instanceof Reply.Created created) {
      handles.releaseUnknown(created.opened().handle());
    }
  }

  private void fail(RequestInProgress progress, Errno errno) {
    meter(progress, ReplyHeader.BYTES, true);
    sendError(progress.exchange(), progress.header(), errno);
    RequestRecord record = progress.record();
    if (record != null) {
      record.answered();
    }
  }

  private static void sendError(Exchange exchange, RequestHeader header, Errno errno) {
    new ReplyHeader(ReplyHeader.BYTES, -errno.number(), header.unique()).encode(exchange.reply());
    exchange.send(ReplyHeader.BYTES);
  }

  private void meter(RequestInProgress progress, int replyBytes, boolean failed) {
    long took = clock.nanoTime() - progress.began();
    OperationMeter meter = meters.get(progress.opcode());
    if (meter != null) {
      meter.record(took, progress.header().length(), replyBytes, failed);
    }
    slow.answered(progress, took);
  }

  /** What happened so far. */
  public SessionStats stats() {
    return new SessionStats(
        meters.values().stream()
            .map(OperationMeter::snapshot)
            .filter(operation -> operation.count() > 0)
            .toList(),
        waiting.all().size(),
        malformed.get());
  }

  /**
   * Holds requests for files back until {@link #goOn}, because the files are going to be replaced.
   * When it returns true, none is under way and the kernel has all answers. One thread at a time.
   *
   * @param atMost how long those under way may take to end
   * @return false if they did not, and none is held back
   */
  public boolean hold(Duration atMost) throws InterruptedException {
    return gate.close(atMost);
  }

  /**
   * The files were replaced: the kernel knows none of them but the root, and what it asks about
   * those that it does know ends in ESTALE. To be called while requests are held back.
   *
   * @param newest as for {@link NodeIds#next}
   */
  public void renumber(Epoch newest) {
    ids = ids.next(newest).orElseThrow(() -> new IllegalStateException("there are no node ids left"));
  }

  /** Whether {@link #renumber} is possible. */
  public boolean canRenumber(Epoch newest) {
    return ids.next(newest).isPresent();
  }

  /** Lets requests go on. */
  public void goOn() {
    gate.open();
  }

  /** How many handles were opened so far. */
  public long opened() {
    return handles.opened();
  }

  /** Whether the kernel has closed a handle that was opened when so many had been. */
  public boolean hasClosedSince(long openedBefore) {
    return handles.hasClosedSince(openedBefore);
  }

  /** Waits until all that was accepted and changes something is done, and the kernel has the answer. */
  public void awaitChanges() throws InterruptedException {
    waiting.awaitEnd(progress -> Dispatcher.changes(progress.request()));
  }

  /** What the kernel calls an inode at present. */
  public long nodeId(Ino ino) {
    return ids.of(ino);
  }

  /** What it calls, at present, those that it has open. */
  public List<Long> openNodeIds() {
    NodeIds now = ids;
    return handles.inodes().stream().map(now::of).toList();
  }

  /** Answers everything with EIO from now on, because the filesystem is about to be closed. */
  public void refuse() {
    refusing = true;
  }

  /** Gives up all locks, because nobody is there who could have any. */
  public void forgetLocks() {
    if (locks != null) {
      locks.clear();
    }
  }

  /**
   * Answers what waits for a lock with EINTR, so that soon nothing is in progress that may stay so
   * for ever. Locks that are held stay.
   */
  public void endLockWaits() {
    if (locks != null) {
      locks.endWaiting();
    }
  }

  /**
   * Ends the session once the transport brings nothing any more: lets what waits end, for up to
   * {@code grace}, then interrupts it, and releases the handles that are left.
   *
   * @return whether nothing is left that might still use its exchange
   */
  public boolean close(Duration grace) throws InterruptedException {
    boolean none = suspend(grace);
    handles.releaseAll();
    endClient();
    if (locks != null) {
      locks.end();
    }
    initialized.completeExceptionally(
        new FsException(Errno.ENODEV, "the connection ended before it began"));
    return none;
  }

  /**
   * Ends the session as {@link #close} does, but for the kernel's handles and locks: it goes on with
   * another process.
   *
   * @return whether nothing is left that might still use its exchange
   */
  public boolean suspend(Duration grace) throws InterruptedException {
    endLockWaits();
    boolean none = waiting.awaitNone(grace);
    if (!none) {
      LOG.warn("{} requests still wait after {}: interrupted", waiting.all().size(), grace);
      waiting.interruptAll();
      none = waiting.awaitNone(grace);
    }
    refuse();
    return none;
  }

  /**
   * What another host needs to go on with this kernel once nothing is under way: {@link
   * Clients#receive} there, then {@link #lasting}. Empty if no kernel has begun.
   */
  public byte[] save() {
    return client.save();
  }
}
