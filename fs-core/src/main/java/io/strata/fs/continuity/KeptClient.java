package io.strata.fs.continuity;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleNumber;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.Ino;
import io.strata.store.Epoch;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A client of whom a file is kept. Safe for any thread. */
final class KeptClient implements Client {
  private final String key;
  private final ClientFile file;
  private final Continuity volume;
  private final OpenCounts open;

  /** Handles of earlier epochs that have not been adopted; null in a client of this epoch. */
  private final @Nullable OpenCounts missing;

  private final AtomicLong missingCount;
  private final int servedBefore;
  private volatile boolean ended;

  private final RequestSlots slots;

  /** Requests of earlier epochs that have not come again, by their numbers. */
  private final Map<Long, RequestSlots.Judged> earlier;

  private volatile boolean served;

  private KeptClient(
      String key, ClientFile file, Continuity volume, @Nullable OpenCounts missing) {
    this.key = key;
    this.file = file;
    this.volume = volume;
    this.open = file.counts();
    this.missing = missing;
    this.missingCount = new AtomicLong(missing == null ? 0 : missing.total());
    this.servedBefore = file.served();
    this.slots = file.slots();
    this.earlier = new ConcurrentHashMap<>(slots.begin());
  }

  /** A client that begins now. */
  static KeptClient fresh(String key, ClientFile file, Continuity volume) {
    KeptClient client = new KeptClient(key, file, volume, null);
    client.serve();
    return client;
  }

  /** A client that was there before and may come back. */
  static KeptClient former(String key, ClientFile file, Continuity volume) {
    return new KeptClient(key, file, volume, file.counts().copy());
  }

  /** Begins to serve it. */
  void serve() {
    file.serve(volume.epoch().value());
    served = true;
  }

  /**
   * The last epoch in which a request that may have been answered, as it has not come again, was
   * lost with what it did to an inode; 0 if there is none.
   *
   * @param ino which; null for any
   */
  int lostIn(@Nullable Ino ino) {
    int last = 0;
    for (RequestSlots.Judged judged : earlier.values()) {
      if (ino == null || judged.changed().contains(ino)) {
        last = Math.max(last, judged.lostIn());
      }
    }
    return last;
  }

  /** What its file is named after. */
  String key() {
    return key;
  }

  /** Whether it has begun here or come back. */
  boolean isServed() {
    return served;
  }

  @Override
  public boolean misses(Ino ino) {
    return missing != null && !ended && missing.get(ino) > 0;
  }

  /** Whether it lived before this epoch and is not gone. */
  boolean isFormer() {
    return missing != null && !ended;
  }

  /** Nobody will come back for what it had open. */
  void retire() {
    ended = true;
  }

  @Override
  public byte[] session() {
    return file.session();
  }

  @Override
  public void opened(Ino ino) {
    open.add(ino, 1);
  }

  @Override
  public void released(Ino ino) {
    open.add(ino, -1);
  }

  @Override
  public HandleClaim claim(Ino ino, long handle) throws FsException {
    HandleNumber number = HandleNumber.decode(handle).orElseThrow(() -> unknown(handle));
    int epoch =
        number
            .epochBefore(volume.epoch())
            .map(Epoch::value)
            .filter(value -> value >= file.firstEpoch())
            .orElseThrow(() -> unknown(handle));
    if (missing == null || !misses(ino)) {
      throw unknown(handle);
    }
    int since = Math.max(epoch, volume.losses().told(handle));
    boolean changes = number.directory() || OpenFlags.writes(number.flags());
    // As long as nobody knows of a loss, handles that were opened after it are to hear of it too.
    return new HandleClaim(
        missing.isOnly(ino),
        () ->
            since <= volume.lostIn(ino)
                || volume.lostWrites(ino)
                || (changes && since <= suspectThrough()));
  }

  /** Handles of epochs up to this one may have lost writes that nobody knows of. */
  private int suspectThrough() {
    int anything = volume.losses().lastOfAnything(servedBefore);
    return Math.max(file.suspect(), anything > file.accounted() ? anything : 0);
  }

  private static FsException unknown(long handle) {
    return new FsException(Errno.EBADF, "no handle " + handle);
  }

  @Override
  public void adopted(Ino ino) {
    if (missing != null) {
      missing.add(ino, -1);
      if (missingCount.decrementAndGet() == 0) {
        volume.reap();
      }
    }
  }

  @Override
  public @Nullable RequestRecord request(long unique) {
    // From here on its new answer counts: of what it did and lost nobody has heard.
    RequestSlots.Judged judged = earlier.isEmpty() ? null : earlier.remove(unique);
    return judged == null
        ? new RecordedRequest(slots, volume.witness(), unique)
        : new RecordedRequest(slots, volume.witness(), unique, judged.slot());
  }

  @Override
  public @Nullable EarlierRequest earlier(long unique) {
    if (earlier.isEmpty()) {
      return null;
    }
    RequestSlots.Judged judged = earlier.get(unique);
    return judged == null ? null : judged.request();
  }

  @Override
  public synchronized void syncedAll() throws FsException {
    int lost = isFormer() ? lastLoss() : 0;
    if (lost > file.syncTold()) {
      file.tellSync(lost);
      throw new FsException(Errno.EIO, "a crash lost writes");
    }
  }

  /** The last epoch in which something of this client's was lost; 0 if nothing was. */
  private int lastLoss() {
    int certain = volume.lastLoss();
    return Math.max(suspectThrough(), certain >= file.firstEpoch() ? certain : 0);
  }

  @Override
  public byte[] save() {
    return new SavedClient(
            volume.owner().volume(),
            volume.epoch().value(),
            file.firstEpoch(),
            isFormer() ? lastLoss() : 0,
            file.session(),
            open.copy())
        .encode();
  }

  @Override
  public void end() throws IOException {
    volume.end(this);
  }
}
