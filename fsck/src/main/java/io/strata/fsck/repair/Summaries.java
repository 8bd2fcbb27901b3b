package io.strata.fsck.repair;

import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import io.strata.fsck.bucket.Inventory;
import io.strata.fsck.scratch.Change;
import io.strata.fsck.scratch.Scratch;
import io.strata.fsck.scratch.SortedChanges;
import io.strata.fsck.space.Footers;
import io.strata.fsck.tree.EntryVisitor;
import io.strata.fsck.tree.KeyRange;
import io.strata.fsck.tree.TreeWalk;
import io.strata.platform.Platform;
import io.strata.segment.format.SegmentFooter;
import io.strata.segment.format.SummaryRun;
import io.strata.store.Ahead;
import io.strata.store.Nonce;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a lost tree said of the bytes of files, from the summaries that segments end with: whose
 * bytes they hold, in the order in which they were written. Names, owners and times are not in
 * there, nor that a file was removed or cut since: what once was written comes back, as long as its
 * segment is there.
 */
public final class Summaries implements TreeWalk.Substitute {
  private static final int AHEAD = 8;
  private static final int KEY_BYTES = 3 * Long.BYTES;

  private final Inventory inventory;
  private final Footers footers;
  private final Timestamp now;
  private final Scratch scratch;
  private final Platform platform;

  /** Runs by inode, segment and place in it: file offset and length. */
  private @Nullable SortedChanges runs;

  public Summaries(
      Inventory inventory, Footers footers, Timestamp now, Scratch scratch, Platform platform) {
    this.inventory = inventory;
    this.footers = footers;
    this.now = now;
    this.scratch = scratch;
    this.platform = platform;
  }

  @Override
  public List<KeyRange> fill(KeyRange lost, EntryVisitor visitor)
      throws StoreException, InterruptedException {
    byte[] from = lost.from();
    byte[] start = new byte[KEY_BYTES];
    System.arraycopy(from, 0, start, 0, Math.min(Long.BYTES, from.length));
    File file = new File(0);
    for (Iterator<Change> all = runs().from(start); all.hasNext(); ) {
      Change each = all.next();
      ByteBuffer key = ByteBuffer.wrap(each.key());
      long ino = key.getLong();
      if (ino != file.ino) {
        file.emit(lost, visitor);
        if (lost.to() != null && !lost.contains(each.key()) && beyond(lost, each.key())) {
          return List.of(lost);
        }
        file = new File(ino);
      }
      ByteBuffer value = ByteBuffer.wrap(java.util.Objects.requireNonNull(each.value()));
      file.write(
          new Extent(value.getLong(), value.getLong(), new Nonce(key.getLong()), key.getLong()));
    }
    file.emit(lost, visitor);
    return List.of(lost);
  }

  private static boolean beyond(KeyRange lost, byte[] key) {
    byte[] to = lost.to();
    return to != null && java.util.Arrays.compareUnsigned(key, to) >= 0;
  }

  private SortedChanges runs() throws StoreException, InterruptedException {
    SortedChanges known = runs;
    if (known != null) {
      return known;
    }
    SortedChanges collected = new SortedChanges(scratch);
    var nonces = inventory.segments().keys();
    Iterator<Nonce> segments =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return nonces.hasNext();
          }

          @Override
          public Nonce next() {
            return new Nonce(nonces.nextLong());
          }
        };
    Ahead.each(
        platform,
        segments,
        AHEAD,
        this::footer,
        (nonce, footer) -> footer.ifPresent(found -> collect(collected, nonce, found)));
    runs = collected;
    return collected;
  }

  private Optional<SegmentFooter> footer(Nonce nonce) throws StoreException {
    try {
      return Optional.of(footers.read(nonce));
    } catch (StoreException.Corrupt | StoreException.TooNew | StoreException.Missing told) {
      return Optional.empty();
    }
  }

  private static void collect(SortedChanges collected, Nonce nonce, SegmentFooter footer) {
    for (SummaryRun run : footer.summary()) {
      if (run.ino() > Ino.ROOT.value() && run.length() > 0) {
        ByteBuffer key = ByteBuffer.allocate(KEY_BYTES);
        key.putLong(run.ino()).putLong(nonce.value()).putLong(run.logicalOffset());
        ByteBuffer value = ByteBuffer.allocate(2 * Long.BYTES);
        value.putLong(run.fileOffset()).putLong(run.length());
        collected.put(key.array(), value.array());
      }
    }
  }

  /** The extents of a file, from runs in the order in which they were written. */
  private final class File {
    private final long ino;
    private final NavigableMap<Long, Extent> extents = new TreeMap<>();

    File(long ino) {
      this.ino = ino;
    }

    void write(Extent run) {
      Map.Entry<Long, Extent> before = extents.lowerEntry(run.fileOffset());
      if (before != null && before.getValue().end() > run.fileOffset()) {
        Extent old = before.getValue();
        extents.put(old.fileOffset(), old.part(old.fileOffset(), run.fileOffset()));
        keepBehind(old, run.end());
      }
      NavigableMap<Long, Extent> covered = extents.subMap(run.fileOffset(), true, run.end(), false);
      if (!covered.isEmpty()) {
        Extent last = covered.lastEntry().getValue();
        covered.clear();
        keepBehind(last, run.end());
      }
      extents.put(run.fileOffset(), run);
    }

    private void keepBehind(Extent old, long end) {
      if (old.end() > end) {
        extents.put(end, old.part(end, old.end()));
      }
    }

    /** Hands out the entries of the file that belong into a range. */
    void emit(KeyRange lost, EntryVisitor visitor) throws StoreException, InterruptedException {
      if (extents.isEmpty()) {
        return;
      }
      Ino number = new Ino(ino);
      long bytes = extents.values().stream().mapToLong(Extent::length).sum();
      Inode inode =
          new Inode(
              FileType.REGULAR.code() << 12 | 0600,
              1,
              0,
              0,
              0,
              extents.lastEntry().getValue().end(),
              bytes,
              now,
              now,
              now,
              now,
              null,
              ByteString.EMPTY);
      hand(new Mutation.InodePut(number, inode), lost, visitor);
      for (Extent extent : extents.values()) {
        hand(new Mutation.ExtentPut(number, extent), lost, visitor);
      }
    }

    private void hand(Mutation.Put entry, KeyRange lost, EntryVisitor visitor)
        throws StoreException, InterruptedException {
      if (lost.contains(entry.key())) {
        visitor.entry(entry.key(), entry.value());
      }
    }
  }
}
