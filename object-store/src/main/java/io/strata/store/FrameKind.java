package io.strata.store;

/**
 * What a framed object is (docs/format.md, section "Frame"). The codes are stored: never change.
 */
public enum FrameKind {
  /** The descriptor of a volume. */
  VOLUME(1),
  /** A head: the root of everything at one checkpoint. */
  HEAD(2),
  /** A replay-log entry. */
  LOG(3),
  /** A data segment. */
  SEGMENT(4),
  /** A pack of tree pages. */
  PACK(5),
  /** A process that waits for the volume. */
  STANDBY(6);

  private final int code;

  FrameKind(int code) {
    this.code = code;
  }

  /** The byte that stands for this kind in a frame. */
  public int code() {
    return code;
  }
}
