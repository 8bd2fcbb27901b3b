package io.strata.store;

import java.util.UUID;

/** The keys of a volume's objects (docs/format.md, section "Names"). */
public final class ObjectNames {
  /** The volume's descriptor. */
  public static final ObjectKey VOLUME = new ObjectKey("volume");

  /** What the keys of all heads start with. */
  public static final String HEADS = "head/";

  /**
   * What the keys of all announcements of standbys start with. They sort behind every head, so that
   * whoever looks for a newer head finds them instead, at no cost.
   */
  public static final String STANDBYS = HEADS + "standby-";

  /** What the keys of all log objects start with. */
  public static final String LOGS = "log/";

  /** What the keys of all segments start with. */
  public static final String SEGMENTS = "seg/";

  /** What the keys of all tree packs start with. */
  public static final String PACKS = "tree/";

  private ObjectNames() {}

  /** Head {@code number}, counted from 1. */
  public static ObjectKey head(long number) {
    return new ObjectKey(HEADS + "%016x".formatted(number));
  }

  /** The announcement of a standby. */
  public static ObjectKey standby(UUID token) {
    return new ObjectKey(
        STANDBYS
            + "%016x%016x"
                .formatted(token.getMostSignificantBits(), token.getLeastSignificantBits()));
  }

  /** The log object at {@code sequence} of {@code epoch}, counted from 0. */
  public static ObjectKey log(Epoch epoch, long sequence) {
    return new ObjectKey(LOGS + epoch + "/" + "%016x".formatted(sequence));
  }

  /** A segment. */
  public static ObjectKey segment(Nonce nonce) {
    return new ObjectKey(SEGMENTS + nonce.spread() + "/" + nonce);
  }

  /** A tree pack. */
  public static ObjectKey pack(Nonce nonce) {
    return new ObjectKey(PACKS + nonce.spread() + "/" + nonce);
  }
}
