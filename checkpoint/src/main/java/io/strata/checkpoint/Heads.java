package io.strata.checkpoint;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadCodec;
import io.strata.checkpoint.format.StoredHead;
import io.strata.store.ByteRange;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The heads of a volume. Immutable; safe for use by any thread; blocks on the store.
 *
 * <p>Invariants:
 *
 * <ol>
 *   <li>Head n is put only if no head n is there, by somebody who has read head n-1: so heads form
 *       one chain, and each has one author.
 *   <li>The newest head is never deleted, so a number that is free below the newest was in use
 *       once. Whoever puts a head there has slept through its deletion and has not committed
 *       anything: {@link #commit} looks again after its put, and finds itself fenced.
 * </ol>
 */
public final class Heads {
  private static final int LIST_KEYS_MAX = 1000;
  private static final int NUMBER_DIGITS = 16;

  private final ObjectStore store;
  private final OncePut once;
  private final VolumeId volume;
  private final Consumer<ObjectKey> standbys;

  /**
   * The heads of a volume.
   *
   * @param once puts into {@code store}
   */
  public Heads(ObjectStore store, OncePut once, VolumeId volume) {
    this(store, once, volume, standby -> {});
  }

  /**
   * The heads of a volume, for somebody who wants to know who waits for it.
   *
   * @param once puts into {@code store}
   * @param standbys is told of announcements of {@link Standbys} that a listing of heads happens to
   *     show: each in that of {@link #list} and {@link #newest}, at least one in that of {@link
   *     #commit}
   */
  public Heads(
      ObjectStore store, OncePut once, VolumeId volume, Consumer<ObjectKey> standbys) {
    this.store = store;
    this.once = once;
    this.volume = volume;
    this.standbys = standbys;
  }

  /**
   * The newest head, or empty if there is none: one list and one get.
   *
   * @throws StoreException.Corrupt if it is damaged; {@link #list} and {@link #read} lead to others
   */
  public Optional<StoredHead> newest() throws StoreException {
    return newestAfter(0);
  }

  /**
   * The newest head, or empty if it is not newer than one: one list, and one get if it is.
   *
   * @throws StoreException.Corrupt if it is damaged
   */
  public Optional<StoredHead> newestAfter(long known) throws StoreException {
    OptionalLong last = OptionalLong.empty();
    while (true) {
      List<Long> numbers = listAfter(known == 0 ? "" : ObjectNames.head(known).value());
      if (numbers.isEmpty()) {
        return Optional.empty();
      }
      long newest = numbers.getLast();
      try {
        return Optional.of(read(newest));
      } catch (StoreException.Missing e) {
        if (last.isPresent() && last.getAsLong() >= newest) {
          throw new StoreException.Corrupt(
              ObjectNames.head(newest), "it is listed and cannot be read");
        }
        // It was overtaken and let go since it was listed; there is a newer one.
        last = OptionalLong.of(newest);
      }
    }
  }

  /**
   * The newest head if the one after a known one is there: one get if it is not. So it finds nothing
   * if that one was let go already, which takes many newer ones.
   */
  public Optional<StoredHead> newestIfNext(long known) throws StoreException {
    StoredHead next;
    try {
      next = read(known + 1);
    } catch (StoreException.Missing e) {
      return Optional.empty();
    }
    // One who slept may have put it where it was in use once: only the newest is certain.
    return Optional.of(newestAfter(known + 1).orElse(next));
  }

  /**
   * A head: one get.
   *
   * @throws StoreException.Missing if there is none of this number
   * @throws StoreException.Corrupt if it is damaged
   */
  public StoredHead read(long number) throws StoreException {
    return HeadCodec.open(volume, number, store.get(ObjectNames.head(number), ByteRange.ALL));
  }

  /** As {@link #read}, but empty if there is none of this number. */
  public Optional<StoredHead> find(long number) throws StoreException {
    try {
      return Optional.of(read(number));
    } catch (StoreException.Missing e) {
      return Optional.empty();
    }
  }

  /** The numbers of all heads that are there, ascending: one list for each 1000. */
  public List<Long> list() throws StoreException {
    return listAfter("");
  }

  private List<Long> listAfter(String key) throws StoreException {
    List<Long> numbers = new ArrayList<>();
    String after = key;
    while (true) {
      ListPage page = store.list(ObjectNames.HEADS, after, LIST_KEYS_MAX);
      for (ListPage.Entry entry : page.entries()) {
        after = entry.key().value();
        number(after).ifPresent(numbers::add);
        if (isStandby(entry)) {
          standbys.accept(entry.key());
        }
      }
      if (!page.more()) {
        return numbers;
      }
    }
  }

  /**
   * Makes a head the newest: one put and one list. If it throws, whether the head is there is
   * unknown; commit again, the same head or another.
   *
   * @return {@code TAKEN} if the volume has gone on without its caller, who is fenced
   * @throws EarlierCommit if the caller itself has put another head of this number, in an attempt
   *     that threw
   */
  public OncePut.Outcome commit(Head head) throws StoreException, EarlierCommit {
    OncePut.Outcome outcome =
        once.put(ObjectNames.head(head.number()), HeadCodec.frame(volume, head));
    if (!isNewest(head.number())) {
      return OncePut.Outcome.TAKEN;
    }
    return switch (outcome) {
      case STORED -> OncePut.Outcome.STORED;
      case TAKEN -> {
        Optional<StoredHead> own = ownHead(head);
        if (own.isPresent()) {
          throw new EarlierCommit(own.get());
        }
        yield OncePut.Outcome.TAKEN;
      }
    };
  }

  /** What stands under a head's number, if the same owner has put it. */
  private Optional<StoredHead> ownHead(Head head) throws StoreException {
    StoredHead found;
    try {
      found = read(head.number());
    } catch (StoreException.TooNew e) {
      // Somebody with a later version has taken over.
      return Optional.empty();
    }
    boolean own = found.head().owner().token().equals(head.owner().token());
    return own ? Optional.of(found) : Optional.empty();
  }

  private boolean isNewest(long number) throws StoreException {
    String after = ObjectNames.head(number).value();
    List<ListPage.Entry> behind = store.list(ObjectNames.HEADS, after, 1).entries();
    if (behind.isEmpty()) {
      return true;
    }
    if (isStandby(behind.getFirst())) {
      standbys.accept(behind.getFirst().key());
      return true;
    }
    return false;
  }

  private static boolean isStandby(ListPage.Entry entry) {
    return entry.key().value().startsWith(ObjectNames.STANDBYS);
  }

  /** The number in a head's key; empty for something else that somebody has put there. */
  private static OptionalLong number(String key) {
    String digits = key.substring(ObjectNames.HEADS.length());
    if (digits.length() != NUMBER_DIGITS || !digits.matches("[0-7][0-9a-f]+")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(digits, 16));
  }
}
