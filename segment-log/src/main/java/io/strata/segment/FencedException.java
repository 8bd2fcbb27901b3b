package io.strata.segment;

import io.strata.store.Nonce;
import io.strata.store.ObjectNames;
import java.io.IOException;

/** A later owner has the volume: what this one has not stored by now will never be. */
public final class FencedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long nonce;

  FencedException(Nonce nonce) {
    super(
        "another owner has taken the volume over: "
            + ObjectNames.segment(nonce)
            + " is not the segment that was put");
    this.nonce = nonce.value();
  }

  /** The segment whose name was taken. */
  public Nonce nonce() {
    return new Nonce(nonce);
  }
}
