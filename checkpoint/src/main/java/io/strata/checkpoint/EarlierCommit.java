package io.strata.checkpoint;

import io.strata.checkpoint.format.StoredHead;
import java.io.IOException;

/**
 * An earlier attempt of the same owner to commit, whose outcome it never learnt, did succeed: its
 * head stands where another was to go. The owner is not fenced. It goes on from {@link #found}, and
 * makes its checkpoint anew behind it.
 */
public final class EarlierCommit extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient StoredHead found;

  EarlierCommit(StoredHead found) {
    super(
        "head %d of an earlier attempt turned out to be stored: make the checkpoint anew"
            .formatted(found.head().number()));
    this.found = found;
  }

  /** The newest head. */
  public StoredHead found() {
    return found;
  }
}
