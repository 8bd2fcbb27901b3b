package io.strata.fuse.abi;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Reads a message's arguments in order and refuses to pass their end. Confined to one thread. */
final class RequestCursor {
  private final MemorySegment message;
  private final long end;
  private long at;

  /** Reads the bytes of {@code message} from {@code from} to {@code end}. */
  RequestCursor(MemorySegment message, long from, long end) {
    this.message = message;
    this.at = from;
    this.end = end;
  }

  long remaining() {
    return end - at;
  }

  int u32() throws MalformedRequest {
    return message.get(Wire.U32, advance(4));
  }

  long u64() throws MalformedRequest {
    return message.get(Wire.U64, advance(8));
  }

  void skip(long bytes) throws MalformedRequest {
    advance(bytes);
  }

  /** The next {@code length} bytes, a view of the message. */
  MemorySegment view(long length) throws MalformedRequest {
    return message.asSlice(advance(length), length);
  }

  byte[] bytes(long length) throws MalformedRequest {
    return view(length).toArray(Wire.U8);
  }

  /** Bytes up to the next NUL, which is skipped. */
  byte[] string() throws MalformedRequest {
    for (long i = at; i < end; i++) {
      if (message.get(Wire.U8, i) == 0) {
        byte[] text = bytes(i - at);
        at++;
        return text;
      }
    }
    throw new MalformedRequest("string without an end");
  }

  /** A string that names a directory entry; ENAMETOOLONG if it is longer than any may be. */
  FileName name() throws MalformedRequest, FsException {
    return fileName(string());
  }

  static FileName fileName(byte[] name) throws MalformedRequest, FsException {
    if (name.length > FileName.BYTES_MAX) {
      throw new FsException(Errno.ENAMETOOLONG, "name of " + name.length + " bytes");
    }
    if (!FileName.valid(name)) {
      throw new MalformedRequest("no file can have the name " + Arrays.toString(name));
    }
    return FileName.of(name);
  }

  static Timestamp timestamp(long seconds, int nanos) throws MalformedRequest {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new MalformedRequest("time with " + Integer.toUnsignedString(nanos) + " nanoseconds");
    }
    return new Timestamp(seconds, nanos);
  }

  private long advance(long bytes) throws MalformedRequest {
    if (bytes < 0 || bytes > end - at) {
      throw new MalformedRequest("argument of " + bytes + " bytes where " + (end - at) + " follow");
    }
    long from = at;
    at += bytes;
    return from;
  }
}
