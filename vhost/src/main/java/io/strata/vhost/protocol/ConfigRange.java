package io.strata.vhost.protocol;

/**
 * A part of a device's configuration space.
 *
 * @param offset where it begins; unsigned
 * @param byteSize its length; unsigned
 * @param flags 0, or {@link #MIGRATING}
 */
public record ConfigRange(int offset, int byteSize, int flags) {
  /** The front end restores the space of another instance. */
  public static final int MIGRATING = 1;
}
