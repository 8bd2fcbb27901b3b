package io.strata.fs.posix;

import io.strata.fs.WouldBlock;
import io.strata.fs.SegmentGone;
import io.strata.fs.Caller;
import io.strata.fs.DataRun;
import io.strata.fs.Operation;
import io.strata.fs.Change;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.Metadata;
import io.strata.fs.Query;
import io.strata.fs.Errno;
import io.strata.fs.SpaceUse;
import io.strata.btree.BTree;
import io.strata.btree.Entry;
import io.strata.btree.FrozenTree;
import io.strata.btree.PageAddress;
import io.strata.btree.PageMissing;
import io.strata.btree.TreeSizes;
import io.strata.btree.Visitor;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.MalformedRecord;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.Timestamp;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * An engine without a store: a real tree of tiny pages, segments in memory, a log that is a list. It
 * checks each group that it is given. Time stands still unless it is set.
 */
final class TestEngine implements Engine {
  /** Pages of a handful of entries, so that small trees have many. */
  private static final TreeSizes SIZES = new TreeSizes(256, 1 << 30);

  private static final Epoch FIRST = new Epoch(1);

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final PagesInMemory pages = new PagesInMemory();
  private final SegmentsInMemory segments = new SegmentsInMemory(FIRST);
  private final AtomicLong inos = new AtomicLong();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final List<byte[]> groups = new ArrayList<>();
  private final List<Extent> prefetched = new CopyOnWriteArrayList<>();
  private final Set<Nonce> goneOnce = new HashSet<>();

  private BTree tree = BTree.create(pages, SIZES);
  private Timestamp now = new Timestamp(1_000, 0);
  private long capacityBytes = 1L << 50;
  private long usedBytes;
  private long inodes;
  private boolean cold;
  private int syncs;
  private Epoch epoch = FIRST;

  /** An engine of a volume that has a root directory and nothing else. */
  TestEngine() {
    Inode root =
        new Inode(
            0040755, 2, 0, 0, 0, 0, 0, now, now, now, now, Ino.ROOT, ByteString.EMPTY);
    apply(List.of(new Mutation.InodePut(Ino.ROOT, root)));
  }

  /** Lets every operation begin with no page of the tree in memory. */
  void goCold() {
    cold = true;
  }

  /** Lets the next owner come: filesystems made from now on are its. */
  void nextEpoch() {
    epoch = epoch.next();
  }

  void setNow(Timestamp time) {
    now = time;
  }

  void setCapacity(long bytes) {
    capacityBytes = bytes;
  }

  /** Lets the next fill that needs a segment find it gone. */
  void loseOnce(Nonce nonce) {
    goneOnce.add(nonce);
  }

  /** Runs what was put off. */
  void runBackground() {
    for (Runnable task = next(); task != null; task = next()) {
      task.run();
    }
  }

  /** How many tasks were put off and not run. */
  synchronized int backgroundTasks() {
    return background.size();
  }

  int syncs() {
    return syncs;
  }

  /** How many groups have been written. */
  int groupCount() {
    return groups.size();
  }

  /** The mutations of a group, counted from 0. */
  List<Mutation> group(int index) throws MalformedRecord {
    return MutationCodec.decode(groups.get(index));
  }

  List<Extent> prefetched() {
    return prefetched;
  }

  /** Appended runs whose writer has not closed them. */
  int openRuns() {
    return segments.openRuns();
  }

  /** All entries of the tree. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    Query<Boolean> all =
        metadata -> {
          entries.clear();
          metadata.scan(new byte[0], maxKey(), (key, value) -> entries.add(new Entry(key, value)));
          return true;
        };
    try {
      read(Caller.ROOT, all);
    } catch (FsException e) {
      throw new AssertionError(e);
    }
    return entries;
  }

  @Override
  public <T> T read(Caller caller, Query<T> query) throws FsException {
    chill();
    while (true) {
      PageMissing missing;
      lock.readLock().lock();
      try {
        return query.run(new View());
      } catch (PageMissing e) {
        missing = e;
      } finally {
        lock.readLock().unlock();
      }
      load(caller, missing);
    }
  }

  @Override
  public <T> T write(Caller caller, Operation<T> operation) throws FsException {
    chill();
    while (true) {
      PageMissing missing;
      lock.writeLock().lock();
      try {
        Change<T> change = operation.run(new View(), now);
        for (Mutation mutation : change.mutations()) {
          tree.touch(mutation.key());
        }
        apply(change.mutations());
        return change.result();
      } catch (PageMissing e) {
        missing = e;
      } finally {
        lock.writeLock().unlock();
      }
      load(caller, missing);
    }
  }

  @Override
  public Appended append(Caller caller, MemorySegment bytes, Ino ino, long fileOffset) {
    return segments.append(bytes, fileOffset);
  }

  @Override
  public void fill(Caller caller, List<DataRun> runs) throws SegmentGone {
    for (DataRun run : runs) {
      if (goneOnce.remove(run.nonce())) {
        throw new SegmentGone(run.nonce());
      }
      segments.read(run);
    }
  }

  @Override
  public long prefetchRoom() {
    return 1 << 30;
  }

  @Override
  public void prefetch(List<Extent> extents) {
    prefetched.addAll(extents);
  }

  @Override
  public void sync(Caller caller) throws FsException {
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    syncs++;
  }

  @Override
  public Epoch epoch() {
    return epoch;
  }

  @Override
  public Ino newIno() {
    return Ino.of(epoch, inos.incrementAndGet());
  }

  @Override
  public synchronized void background(Runnable task) {
    background.add(task);
  }

  private synchronized @Nullable Runnable next() {
    return background.poll();
  }

  private void chill() {
    if (!cold) {
      return;
    }
    lock.writeLock().lock();
    try (FrozenTree frozen = tree.freeze()) {
      PageAddress root = frozen.write(pages);
      frozen.commit();
      tree = BTree.open(pages, root, SIZES);
    } catch (IOException e) {
      throw new AssertionError(e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void load(Caller caller, PageMissing missing) throws FsException {
    if (!caller.mayWait()) {
      throw new WouldBlock();
    }
    try {
      missing.load();
    } catch (IOException e) {
      throw new FsException(Errno.EIO, "a page cannot be loaded", e);
    }
  }

  private void apply(List<Mutation> mutations) {
    if (mutations.isEmpty()) {
      return;
    }
    byte[] group = MutationCodec.encode(mutations);
    Set<ByteString> keys = new HashSet<>();
    try {
      // What is applied is what a replay of the log would apply.
      for (Mutation mutation : MutationCodec.decode(group)) {
        if (!keys.add(ByteString.of(mutation.key()))) {
          throw new AssertionError("a group changes a key twice: " + mutations);
        }
        byte[] value = mutation.value();
        byte[] before =
            value == null ? tree.delete(mutation.key()) : tree.put(mutation.key(), value);
        count(mutation, before);
      }
    } catch (PageMissing | MalformedRecord e) {
      throw new AssertionError(e);
    }
    groups.add(group);
  }

  private void count(Mutation mutation, byte @Nullable [] before) throws MalformedRecord {
    if (mutation instanceof Mutation.Delete && before == null) {
      throw new AssertionError("nothing to delete: " + mutation);
    }
    switch (mutation) {
      case Mutation.InodePut put -> inodes += before == null ? 1 : 0;
      case Mutation.InodeDelete delete -> inodes--;
      case Mutation.ExtentPut(Ino ino, Extent extent) ->
          usedBytes += extent.length() - length(before);
      case Mutation.ExtentDelete delete -> usedBytes -= length(before);
      default -> {}
    }
  }

  private static long length(byte @Nullable [] extent) throws MalformedRecord {
    return extent == null ? 0 : Extent.decode(0, extent).length();
  }

  private static byte[] maxKey() {
    byte[] key = new byte[8];
    key[0] = (byte) 0xff;
    return key;
  }

  /** The tree as operations see it. */
  private final class View implements Metadata {
    @Override
    public byte @Nullable [] get(byte[] key) throws PageMissing {
      return tree.get(key);
    }

    @Override
    public void scan(byte[] from, byte[] toExclusive, Visitor visitor) throws PageMissing {
      tree.scan(from, toExclusive, visitor);
    }

    @Override
    public @Nullable Entry floor(byte[] key) throws PageMissing {
      return tree.floor(key);
    }

    @Override
    public SpaceUse spaceUse() {
      return new SpaceUse(capacityBytes, usedBytes, inodes);
    }
  }
}
