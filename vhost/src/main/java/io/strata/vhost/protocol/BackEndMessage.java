package io.strata.vhost.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** What a back end says unasked, on a socket of its own. */
public enum BackEndMessage {
  /** The configuration space has changed: read it again. */
  CONFIG_CHANGE(2);

  private final int number;

  BackEndMessage(int number) {
    this.number = number;
  }

  /** Its bytes. It wants no reply. */
  public ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(MessageHeader.BYTES).order(ByteOrder.nativeOrder());
    MessageHeader.request(number, false, 0).encode(out);
    return out.flip();
  }
}
