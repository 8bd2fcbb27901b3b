package io.strata.fuse.fake;

import io.strata.fuse.abi.RequestHeader;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts a request together, field by field, as a kernel would. */
public final class RequestBytes {
  private final int opcode;
  private final long unique;
  private final long nodeId;
  private final ByteArrayOutputStream arguments = new ByteArrayOutputStream();
  private int extensionWords;

  /** A request without arguments so far, by user 1000, group 100, process 77. */
  public RequestBytes(int opcode, long unique, long nodeId) {
    this.opcode = opcode;
    this.unique = unique;
    this.nodeId = nodeId;
  }

  public RequestBytes u32(int value) {
    byte[] bytes = new byte[4];
    order(bytes).putInt(value);
    return bytes(bytes);
  }

  public RequestBytes u64(long value) {
    byte[] bytes = new byte[8];
    order(bytes).putLong(value);
    return bytes(bytes);
  }

  public RequestBytes string(String text) {
    bytes(text.getBytes(StandardCharsets.UTF_8));
    arguments.write(0);
    return this;
  }

  public RequestBytes bytes(byte[] bytes) {
    arguments.writeBytes(bytes);
    return this;
  }

  /** Says that the last {@code words} times eight bytes are extensions. */
  public RequestBytes extensionWords(int words) {
    extensionWords = words;
    return this;
  }

  public byte[] toBytes() {
    byte[] message = new byte[RequestHeader.BYTES + arguments.size()];
    order(message)
        .putInt(message.length)
        .putInt(opcode)
        .putLong(unique)
        .putLong(nodeId)
        .putInt(1000)
        .putInt(100)
        .putInt(77)
        .putShort((short) extensionWords)
        .putShort((short) 0)
        .put(arguments.toByteArray());
    return message;
  }

  public MemorySegment toSegment() {
    return MemorySegment.ofArray(toBytes());
  }

  private static ByteBuffer order(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }
}
