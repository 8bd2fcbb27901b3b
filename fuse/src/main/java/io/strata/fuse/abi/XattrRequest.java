package io.strata.fuse.abi;

/**
 * Requests about extended attributes. A {@code size} of 0 asks how many bytes the answer has;
 * otherwise it is the room there is for it.
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public sealed interface XattrRequest extends Request {
  /** GETXATTR. */
  record Get(byte[] name, int size) implements XattrRequest {}

  /** LISTXATTR. */
  record ListNames(int size) implements XattrRequest {}

  /** SETXATTR; {@code flags} as setxattr(2). */
  record Put(byte[] name, byte[] value, int flags) implements XattrRequest {}

  /** REMOVEXATTR. */
  record Remove(byte[] name) implements XattrRequest {}
}
