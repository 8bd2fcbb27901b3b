package io.strata.vhost.protocol;

import io.strata.fuse.linux.Descriptor;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the fields of one message and takes its descriptors, naming what is wrong. */
final class Payload {
  private final String message;
  private final ByteBuffer bytes;
  private final List<Descriptor> descriptors;
  private int taken;

  Payload(String message, ByteBuffer bytes, List<Descriptor> descriptors) {
    this.message = message;
    this.bytes = bytes;
    this.descriptors = descriptors;
  }

  int u16(String field) throws MalformedMessage {
    need(Short.BYTES, field);
    return Short.toUnsignedInt(bytes.getShort());
  }

  int u32(String field) throws MalformedMessage {
    need(Integer.BYTES, field);
    return bytes.getInt();
  }

  long u64(String field) throws MalformedMessage {
    need(Long.BYTES, field);
    return bytes.getLong();
  }

  ByteBuffer bytes(int count, String field) throws MalformedMessage {
    need(count, field);
    byte[] all = new byte[count];
    bytes.get(all);
    return ByteBuffer.wrap(all).asReadOnlyBuffer();
  }

  /** Skips up to {@code count} bytes that only some senders append. */
  void skipPadding(int count) {
    bytes.position(bytes.position() + Math.min(count, bytes.remaining()));
  }

  int remaining() {
    return bytes.remaining();
  }

  private void need(int count, String field) throws MalformedMessage {
    if (count < 0 || bytes.remaining() < count) {
      throw malformed(
          field,
          "needs %s bytes of the payload, which has %d left"
              .formatted(Integer.toUnsignedString(count), bytes.remaining()));
    }
  }

  Descriptor descriptor() throws MalformedMessage {
    Descriptor next = optionalDescriptor();
    if (next == null) {
      throw malformed("descriptor", "is missing");
    }
    return next;
  }

  @Nullable Descriptor optionalDescriptor() {
    return taken < descriptors.size() ? descriptors.get(taken++) : null;
  }

  /** Nothing may be left over. */
  void end() throws MalformedMessage {
    if (bytes.hasRemaining()) {
      throw malformed("size", "is " + bytes.remaining() + " bytes more than its fields");
    }
    if (taken < descriptors.size()) {
      throw malformed(
          "descriptors", "are " + descriptors.size() + ", of which it can use " + taken);
    }
  }

  MalformedMessage malformed(String field, String what) {
    return new MalformedMessage(message, field, what);
  }
}
