package io.strata.cli.serving;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What moves to another host with a guest: a version (4 bytes), and three parts behind their lengths
 * (4 bytes each), big-endian.
 *
 * @param client its session and what it has open
 * @param locks what it has locked; empty if its kernel keeps its own locks
 * @param inodes those that it knows
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record GuestState(byte[] client, byte[] locks, byte[] inodes) {
  private static final int VERSION = 1;

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(VERSION);
      for (byte[] part : new byte[][] {client, locks, inodes}) {
        out.writeInt(part.length);
        out.write(part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /** Reads what {@link #encode} wrote; there is nothing else that is let pass. */
  static GuestState decode(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException("state of a guest in version " + version + ", which is not known");
      }
      GuestState state = new GuestState(part(in), part(in), part(in));
      if (in.available() > 0) {
        throw new IOException(in.available() + " bytes behind the state of a guest");
      }
      return state;
    }
  }

  private static byte[] part(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a part of %d bytes of %d".formatted(length, in.available()));
    }
    return in.readNBytes(length);
  }
}
