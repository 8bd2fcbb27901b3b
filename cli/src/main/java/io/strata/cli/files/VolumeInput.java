package io.strata.cli.files;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Reads a file of a volume in order. Confined to one thread at a time. */
public final class VolumeInput extends InputStream {
  private final FileSystem files;
  private final Caller caller;
  private final long handle;
  private long offset;

  VolumeInput(FileSystem files, Caller caller, long handle) {
    this.files = files;
    this.caller = caller;
    this.handle = handle;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, target.length);
    if (length == 0) {
      return 0;
    }
    try {
      int read =
          files.read(caller, handle, offset, MemorySegment.ofArray(target).asSlice(from, length));
      offset += read;
      return read == 0 ? -1 : read;
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      files.release(handle);
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
