package io.strata.fsck.bucket;

import io.strata.store.Nonce;
import java.util.Iterator;
import java.util.PrimitiveIterator;

/**
 * Nonces out of the keys of a table. Confined to one thread.
 *
 * @param values of the nonces
 */
public record Nonces(PrimitiveIterator.OfLong values) implements Iterator<Nonce> {
  @Override
  public boolean hasNext() {
    return values.hasNext();
  }

  @Override
  public Nonce next() {
    return new Nonce(values.nextLong());
  }
}
