package io.strata.vhost.protocol;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The 12 bytes before each payload.
 *
 * @param type number of the request
 * @param flags version and the two flags below
 * @param payloadBytes length of what follows, at most {@link #PAYLOAD_BYTES_MAX}
 */
public record MessageHeader(int type, int flags, int payloadBytes) {
  /** Its own length. */
  public static final int BYTES = 12;

  /** More than any message of the protocol has. */
  public static final int PAYLOAD_BYTES_MAX = 4096;

  private static final int VERSION = 1;
  private static final int VERSION_MASK = 3;
  private static final int REPLY = 1 << 2;
  private static final int NEED_REPLY = 1 << 3;

  /** The header of a request. */
  public static MessageHeader request(int type, boolean needsReply, int payloadBytes) {
    return new MessageHeader(type, VERSION | (needsReply ? NEED_REPLY : 0), payloadBytes);
  }

  /** The header of the reply to a request. */
  public static MessageHeader reply(int type, int payloadBytes) {
    return new MessageHeader(type, VERSION | REPLY, payloadBytes);
  }

  /** Whether the sender waits for a reply even where the message has none of its own. */
  public boolean needsReply() {
    return (flags & NEED_REPLY) != 0;
  }

  /** Whether this is a reply. */
  public boolean isReply() {
    return (flags & REPLY) != 0;
  }

  /** How a person calls a message with this header. */
  public String name() {
    @Nullable RequestType known = RequestType.of(type);
    return known == null ? "request " + Integer.toUnsignedString(type) : known.name();
  }

  /** Reads one, {@link #BYTES} long. */
  public static MessageHeader decode(ByteBuffer from) throws MalformedMessage {
    MessageHeader header = new MessageHeader(from.getInt(), from.getInt(), from.getInt());
    if ((header.flags & VERSION_MASK) != VERSION) {
      throw new MalformedMessage(
          header.name(), "version", "is " + (header.flags & VERSION_MASK) + ", not " + VERSION);
    }
    if (header.payloadBytes < 0 || header.payloadBytes > PAYLOAD_BYTES_MAX) {
      throw new MalformedMessage(
          header.name(),
          "size",
          "is " + Integer.toUnsignedString(header.payloadBytes) + ", over " + PAYLOAD_BYTES_MAX);
    }
    return header;
  }

  void encode(ByteBuffer into) {
    into.putInt(type).putInt(flags).putInt(payloadBytes);
  }
}
