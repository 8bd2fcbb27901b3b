package io.strata.fsck.repair;

import io.strata.store.ObjectKey;
import java.io.IOException;

/** Somebody else has the volume, or has taken it meanwhile: nothing is repaired. */
public final class Held extends IOException {
  private static final long serialVersionUID = 1;

  Held(String message) {
    super(message);
  }

  /** A former owner has put something while the volume was repaired. */
  public static Held meanwhile(String location, ObjectKey put) {
    return new Held(
        "the former owner of %s has just put %s: stop it if it still runs, and repair again"
            .formatted(location, put));
  }
}
