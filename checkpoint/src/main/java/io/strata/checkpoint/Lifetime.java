package io.strata.checkpoint;

import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;

/**
 * From which head to which a segment or pack is referred to.
 *
 * @param key its name
 * @param birthHead number of the first head whose tree may refer to it
 * @param deathHead number of the first head after that whose tree does not refer to it any more;
 *     equal to {@code birthHead} if no head ever did
 */
public record Lifetime(ObjectKey key, long birthHead, long deathHead) {
  public Lifetime {
    if (!key.value().startsWith(ObjectNames.SEGMENTS)
        && !key.value().startsWith(ObjectNames.PACKS)) {
      throw new IllegalArgumentException("neither a segment nor a pack: " + key);
    }
    if (birthHead < 0 || deathHead < birthHead) {
      throw new IllegalArgumentException(
          "%s is born at head %d and dies at head %d".formatted(key, birthHead, deathHead));
    }
  }
}
