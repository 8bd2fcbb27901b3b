package io.strata.store;

import io.strata.platform.Platform;
import java.nio.ByteBuffer;

/**
 * Puts immutable objects so that each is there exactly once, whatever the store answers.
 *
 * <p>Every commit goes through here. A conditional put whose reply is lost leaves its sender in
 * doubt, and the same put sent again meets its own earlier self. So:
 *
 * <ul>
 *   <li>uncertain answer: the same bytes are sent again, with pauses;
 *   <li>"exists": the object is read back; equal bytes are our own and count as stored, any others
 *       are somebody else's, and the name is taken for good.
 * </ul>
 *
 * <p>What makes equal bytes "our own" is for the caller to provide: an object that decides who wins
 * must contain something that only its writer writes.
 *
 * <p>Immutable; safe for use by any thread.
 */
public final class OncePut {
  private final ObjectStore store;
  private final Attempts attempts;

  /** Tries for ever. */
  public OncePut(ObjectStore store, Platform platform) {
    this(store, platform, Backoff.FOREVER);
  }

  /** Tries until the deadline of {@code backoff}, if it has one. */
  public OncePut(ObjectStore store, Platform platform, Backoff backoff) {
    this.store = store;
    this.attempts = new Attempts(platform, backoff);
  }

  /** What the store holds under the key now. */
  public enum Outcome {
    /** These bytes. */
    STORED,
    /** Another object; it was there first. */
    TAKEN
  }

  /**
   * Puts an object, waiting as long as it takes.
   *
   * @return what is certain from now on
   * @throws StoreException.Unavailable if the deadline passed or the thread was interrupted (its
   *     interrupt status is then set); whether the object is there is unknown
   * @throws StoreException.Refused if the store will not take it
   */
  public Outcome put(ObjectKey key, Body body) throws StoreException {
    return attempts.untilCertain("put " + key, () -> tryOnce(key, body));
  }

  private Outcome tryOnce(ObjectKey key, Body body) throws StoreException {
    try {
      store.put(key, body, Condition.ABSENT);
      return Outcome.STORED;
    } catch (StoreException.Exists exists) {
      return sameAsStored(key, body) ? Outcome.STORED : Outcome.TAKEN;
    }
  }

  private boolean sameAsStored(ObjectKey key, Body body) throws StoreException {
    ByteBuffer found;
    try {
      found = store.get(key, ByteRange.ALL);
    } catch (StoreException.Missing e) {
      // Deleted since, or a store that contradicts itself: ask again from the start.
      throw new StoreException.Unavailable("object " + key + " existed and is gone", e);
    }
    if (found.remaining() != body.length()) {
      return false;
    }
    int at = found.position();
    for (ByteBuffer part : body.parts()) {
      int length = part.remaining();
      if (part.mismatch(found.slice(at, length)) >= 0) {
        return false;
      }
      at += length;
    }
    return true;
  }
}
