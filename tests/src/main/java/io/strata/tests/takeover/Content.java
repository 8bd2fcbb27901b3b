package io.strata.tests.takeover;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What is written: bytes that tell who wrote them when, and all of which follow from that.
 *
 * @param round in which it was written
 * @param writer of that round
 * @param number counts what the writer wrote of its kind
 * @param bytes how long it is
 */
record Content(int round, int writer, long number, int bytes) {
  private static final int HEADER_BYTES = 20;

  Content {
    if (bytes < HEADER_BYTES) {
      throw new IllegalArgumentException("too short: " + bytes);
    }
  }

  /** It is not, or not whole, what anybody wrote. */
  static final class Torn extends Exception {
    private static final long serialVersionUID = 1;

    Torn(String message) {
      super(message);
    }
  }

  ByteBuffer toBuffer() {
    byte[] all = new byte[bytes];
    ByteBuffer buffer = ByteBuffer.wrap(all);
    buffer.putInt(round).putInt(writer).putLong(number).putInt(bytes);
    byte[] body = new byte[bytes - HEADER_BYTES];
    new SplittableRandom(hashCode()).nextBytes(body);
    buffer.put(body);
    return buffer.flip();
  }

  /** Recognizes bytes, of which the buffer holds no others. */
  static Content of(ByteBuffer buffer) throws Torn {
    byte[] all = new byte[buffer.remaining()];
    buffer.get(all);
    if (all.length < HEADER_BYTES) {
      throw new Torn("only %d bytes".formatted(all.length));
    }
    ByteBuffer header = ByteBuffer.wrap(all);
    int round = header.getInt();
    int writer = header.getInt();
    long number = header.getLong();
    int bytes = header.getInt();
    if (bytes != all.length) {
      throw new Torn("%d bytes that say they are %d".formatted(all.length, bytes));
    }
    Content content = new Content(round, writer, number, bytes);
    int mismatch = Arrays.mismatch(all, content.toBuffer().array());
    if (mismatch >= 0) {
      throw new Torn("%s differs at byte %d".formatted(content, mismatch));
    }
    return content;
  }
}
