package io.strata.fs.posix;

import io.strata.fs.FsException;
import io.strata.fs.Errno;
import io.strata.fs.schema.FileName;
import io.strata.store.Epoch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of one open directory: numbers that stand for places in the order of names, however
 * the directory changes.
 *
 * <p>Names are handed out in batches of consecutive ones. A cookie is, from the highest bit: zero,
 * ten bits of the epoch, 21 bits for the number of its name's batch, from 1, and 32 for a hash of
 * the name. Where batches begin is kept as long as the handle, the last {@link #RECENT_MAX} names
 * exactly. So a recent cookie is resumed behind its name even if that name is gone; an old one by
 * looking in its batch for the name with the hash, and only if that very name is gone, from the
 * beginning of its batch. No two names of a batch that were handed out have the same hash: a batch
 * ends before that.
 *
 * <p>A handle that was adopted also takes cookies of other epochs, of whose batches nothing is
 * known: they are resumed by looking for the hash in the whole directory.
 *
 * <p>Guarded by itself.
 */
final class DirectoryCookies {
  /** Cookies of the entries {@code .} and {@code ..}, which come first. */
  static final long SELF = 1;

  static final long PARENT = 2;

  static final int BATCH_MAX = 256;
  static final int RECENT_MAX = 1024;

  private static final int BATCH_BITS = 21;
  private static final int EPOCH_MASK = (1 << 10) - 1;

  /** A directory of more names than the batches hold, 537 million, has a last batch without end. */
  private static final int BATCHES_MAX = (1 << BATCH_BITS) - 2;

  private final long epochBits;
  private final boolean adopted;

  /** Batch i has the names after {@code starts.get(i)}; the first has them from the beginning. */
  private final List<FileName> starts = new ArrayList<>();

  private final Set<Integer> hashesOfLastBatch = new HashSet<>();
  private @Nullable FileName furthest;

  /** The cookies of a handle that an epoch opens. */
  DirectoryCookies(Epoch epoch) {
    this(epoch, false);
  }

  private DirectoryCookies(Epoch epoch, boolean adopted) {
    this.epochBits = (long) (epoch.value() & EPOCH_MASK) << BATCH_BITS;
    this.adopted = adopted;
  }

  /** The cookies of a handle that an earlier epoch opened. */
  static DirectoryCookies adopted(Epoch epoch) {
    return new DirectoryCookies(epoch, true);
  }

  private final Map<Long, FileName> recent =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, FileName> eldest) {
          return size() > RECENT_MAX;
        }
      };

  /** A place in a directory. */
  sealed interface Place {
    /** Before the first name. */
    record Start() implements Place {}

    /** Right after a name, whether or not it is there. */
    record After(FileName name) implements Place {}

    /**
     * After the name with a hash among those of a batch.
     *
     * @param start what the batch's names come after, null for the first batch
     * @param last the last name that the batch can have, null if it is the last batch
     */
    record InBatch(@Nullable FileName start, @Nullable FileName last, int hash) implements Place {
      boolean mayHave(FileName name) {
        return last == null || name.compareTo(last) <= 0;
      }

      boolean is(FileName name) {
        return DirectoryCookies.hash(name) == hash;
      }
    }
  }

  /** The cookie that leads on behind {@code name}, which is about to be handed out. */
  synchronized long cookie(FileName name) {
    int hash = hash(name);
    if (furthest == null || name.compareTo(furthest) > 0) {
      if (furthest != null
          && (hashesOfLastBatch.size() == BATCH_MAX || hashesOfLastBatch.contains(hash))) {
        if (starts.size() < BATCHES_MAX) {
          starts.add(furthest);
        }
        hashesOfLastBatch.clear();
      }
      hashesOfLastBatch.add(hash);
      furthest = name;
    }
    long cookie = (epochBits | (batch(name) + 1L)) << 32 | Integer.toUnsignedLong(hash);
    recent.remove(cookie);
    recent.put(cookie, name);
    return cookie;
  }

  /** Where a cookie other than {@link #SELF} and {@link #PARENT} leads; EINVAL if it is unknown. */
  synchronized Place place(long cookie) throws FsException {
    if (cookie == 0) {
      return new Place.Start();
    }
    FileName name = recent.get(cookie);
    if (name != null) {
      return new Place.After(name);
    }
    long upper = cookie >>> 32;
    boolean ofThisEpoch = (upper & ((long) EPOCH_MASK << BATCH_BITS)) == epochBits;
    if (adopted && cookie > 0 && !ofThisEpoch) {
      return new Place.InBatch(null, null, (int) cookie);
    }
    long batch = (upper & ((1L << BATCH_BITS) - 1)) - 1;
    if (cookie < 0 || !ofThisEpoch || batch < 0 || batch > starts.size()) {
      throw new FsException(Errno.EINVAL, "this handle has handed out no cookie " + cookie);
    }
    int at = (int) batch;
    return new Place.InBatch(
        at == 0 ? null : starts.get(at - 1),
        at == starts.size() ? null : starts.get(at),
        (int) cookie);
  }

  /** The batch that a name belongs to: how many batches after the first begin before it. */
  private int batch(FileName name) {
    int found = Collections.binarySearch(starts, name);
    return found >= 0 ? found : -found - 1;
  }

  private static int hash(FileName name) {
    CRC32C crc = new CRC32C();
    crc.update(name.toBytes());
    return (int) crc.getValue();
  }
}
