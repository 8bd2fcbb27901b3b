package io.strata.fsck.tree;

import io.strata.btree.PageAddress;
import io.strata.btree.format.PageView;
import io.strata.checkpoint.format.StoredPage;
import io.strata.fsck.bucket.Bucket;
import io.strata.platform.Platform;
import io.strata.store.Ahead;
import io.strata.store.ByteRange;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads tree pages: those that lie one behind the other in a pack with one request, and a few
 * requests ahead. Holds a few MiB.
 */
public final class Pages {
  /** Pages that are neighbours are read together up to this length. */
  private static final int RUN_BYTES_MAX = 512 << 10;

  private static final int AHEAD = 3;

  private final Bucket bucket;
  private final Platform platform;

  public Pages(Bucket bucket, Platform platform) {
    this.bucket = bucket;
    this.platform = platform;
  }

  /** Takes a page that was read. */
  @FunctionalInterface
  public interface Reader {
    void take(LoadedPage page) throws StoreException, InterruptedException;
  }

  /** Pages of one pack without a gap between them. */
  private record Run(List<PageAddress> pages, int length) {}

  /** Reads pages and hands them out in order, damaged ones too. */
  public void each(List<PageAddress> addresses, Reader reader)
      throws StoreException, InterruptedException {
    Ahead.each(
        platform,
        runs(addresses).iterator(),
        AHEAD,
        this::read,
        (run, pages) -> {
          for (LoadedPage page : pages) {
            reader.take(page);
          }
        });
  }

  private static List<Run> runs(List<PageAddress> addresses) {
    List<Run> runs = new ArrayList<>();
    List<PageAddress> open = new ArrayList<>();
    long length = 0;
    for (PageAddress address : addresses) {
      boolean joins =
          !open.isEmpty()
              && open.getLast().pack() == address.pack()
              && (long) open.getLast().offset() + open.getLast().length() == address.offset()
              && length + address.length() <= RUN_BYTES_MAX;
      if (!joins && !open.isEmpty()) {
        runs.add(new Run(open, (int) length));
        open = new ArrayList<>();
        length = 0;
      }
      open.add(address);
      length += address.length();
    }
    if (!open.isEmpty()) {
      runs.add(new Run(open, (int) length));
    }
    return runs;
  }

  private List<LoadedPage> read(Run run) throws StoreException {
    PageAddress first = run.pages().getFirst();
    List<LoadedPage> loaded = new ArrayList<>(run.pages().size());
    ByteBuffer bytes;
    try {
      bytes =
          bucket.read(StoredPage.pack(first), new ByteRange.Slice(first.offset(), run.length()));
    } catch (StoreException.Missing e) {
      for (PageAddress address : run.pages()) {
        loaded.add(new LoadedPage.Broken(address, "the object is missing"));
      }
      return loaded;
    }
    for (PageAddress address : run.pages()) {
      byte[] stored = new byte[Math.min(address.length(), bytes.remaining())];
      bytes.get(stored);
      loaded.add(decode(address, stored));
    }
    return loaded;
  }

  private static LoadedPage decode(PageAddress address, byte[] stored) {
    try {
      PageView view = PageView.of(StoredPage.decompress(address, stored));
      return new LoadedPage.Whole(address, view);
    } catch (IOException damaged) {
      return new LoadedPage.Broken(address, what(damaged));
    }
  }

  /** What is wrong, without the names that a finding gives anyway. */
  private static String what(IOException damaged) {
    String message = String.valueOf(damaged.getMessage());
    int colon = message.lastIndexOf(": ");
    return colon < 0 ? message : message.substring(colon + 2);
  }
}
