package io.strata.store.s3;

import io.strata.store.Receiver;
import java.nio.ByteBuffer;

/** Collects one answer in an array of its length: each byte is copied once. */
final class Collected implements Receiver {
  // Written by an event loop, and read when its request is over.
  private volatile ByteBuffer bytes = ByteBuffer.allocate(0);

  @Override
  public Arrival begin(int length) {
    ByteBuffer all = ByteBuffer.allocate(length);
    bytes = all;
    return all::put;
  }

  /** What has come, written up to its position. */
  ByteBuffer bytes() {
    return bytes;
  }
}
