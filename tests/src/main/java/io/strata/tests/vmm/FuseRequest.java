package io.strata.tests.vmm;

import io.strata.fuse.abi.Opcode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request to a FUSE server as bytes, put together field by field as the kernel lays them out (
 * {@code include/uapi/linux/fuse.h}). Confined to one thread.
 */
public final class FuseRequest {
  private static final int HEADER_BYTES = 40;

  private final int opcode;
  private final long nodeId;
  private final ByteArrayOutputStream arguments = new ByteArrayOutputStream();
  private byte[] payload = new byte[0];
  private int replyBytes;

  /** A request by root without arguments so far; any number for its opcode. */
  public FuseRequest(int opcode, long nodeId) {
    this.opcode = opcode;
    this.nodeId = nodeId;
  }

  /** A request by root without arguments so far. */
  public FuseRequest(Opcode opcode, long nodeId) {
    this(opcode.number(), nodeId);
  }

  public FuseRequest u32(int value) {
    arguments.writeBytes(buffer(4).putInt(value).array());
    return this;
  }

  public FuseRequest u64(long value) {
    arguments.writeBytes(buffer(8).putLong(value).array());
    return this;
  }

  /** With its NUL. */
  public FuseRequest string(String text) {
    arguments.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    arguments.write(0);
    return this;
  }

  /** What follows the arguments in buffers of its own: the data of a WRITE. */
  public FuseRequest payload(byte[] bytes) {
    payload = bytes;
    return this;
  }

  /** How much room there is for what follows the header of the answer. */
  public FuseRequest replyBytes(int bytes) {
    replyBytes = bytes;
    return this;
  }

  int opcode() {
    return opcode;
  }

  /** What goes in buffers of its own. */
  public byte[] payload() {
    return payload;
  }

  /** How much room there is for the answer. */
  public int replyBytes() {
    return replyBytes;
  }

  /** Header and arguments. */
  public byte[] head(long unique) {
    int length = HEADER_BYTES + arguments.size();
    return buffer(length)
        .putInt(length + payload.length)
        .putInt(opcode)
        .putLong(unique)
        .putLong(nodeId)
        .putInt(0) // uid
        .putInt(0) // gid
        .putInt(77) // pid
        .putInt(0) // extensions
        .put(arguments.toByteArray())
        .array();
  }

  private static ByteBuffer buffer(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
  }
}
