package io.strata.checkpoint;

import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;

/**
 * A segment or pack that was listed and that the present tree neither has a record nor a note of.
 *
 * @param key its name
 * @param nonce the nonce in it
 * @param bytes its length
 */
public record Stray(ObjectKey key, Nonce nonce, long bytes) {
  public Stray {
    if (!key.equals(ObjectNames.segment(nonce)) && !key.equals(ObjectNames.pack(nonce))) {
      throw new IllegalArgumentException("neither segment nor pack " + nonce + ": " + key);
    }
  }

  /** A segment. */
  public static Stray segment(Nonce nonce, long bytes) {
    return new Stray(ObjectNames.segment(nonce), nonce, bytes);
  }

  /** A pack of tree pages. */
  public static Stray pack(Nonce nonce, long bytes) {
    return new Stray(ObjectNames.pack(nonce), nonce, bytes);
  }

  /** Whether it is a segment; a pack otherwise. */
  public boolean isSegment() {
    return key.value().startsWith(ObjectNames.SEGMENTS);
  }
}
