package io.strata.fuse.abi;

import java.lang.foreign.MemorySegment;

/**
 * What every request begins with ({@code fuse_in_header}, 40 bytes).
 *
 * @param length of the whole message in bytes, checked against what arrived
 * @param opcode number of the operation, maybe one that this version does not know
 * @param unique names the request in its reply
 * @param nodeId the inode that it is about; unchecked
 * @param uid the user on whose behalf it comes
 * @param gid that user's group
 * @param pid the process, or 0
 * @param extensionBytes how many bytes at the end of the message are extensions
 */
public record RequestHeader(
    int length,
    int opcode,
    long unique,
    long nodeId,
    int uid,
    int gid,
    int pid,
    int extensionBytes) {
  /** Size on the wire. */
  public static final int BYTES = 40;

  /** Decodes the header of a message that is exactly {@code message}. */
  public static RequestHeader decode(MemorySegment message) throws MalformedRequest {
    if (message.byteSize() < BYTES) {
      throw new MalformedRequest("message of " + message.byteSize() + " bytes has no header");
    }
    RequestHeader header =
        new RequestHeader(
            message.get(Wire.U32, 0),
            message.get(Wire.U32, 4),
            message.get(Wire.U64, 8),
            message.get(Wire.U64, 16),
            message.get(Wire.U32, 24),
            message.get(Wire.U32, 28),
            message.get(Wire.U32, 32),
            8 * Short.toUnsignedInt(message.get(Wire.U16, 36)));
    return header;
  }
}
