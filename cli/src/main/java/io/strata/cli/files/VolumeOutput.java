package io.strata.cli.files;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Writes at the end of a file of a volume. Confined to one thread at a time. */
public final class VolumeOutput extends OutputStream {
  private final FileSystem files;
  private final Caller caller;
  private final long handle;

  VolumeOutput(FileSystem files, Caller caller, long handle) {
    this.files = files;
    this.caller = caller;
    this.handle = handle;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] source, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, source.length);
    if (length == 0) {
      return;
    }
    try {
      files.append(caller, handle, MemorySegment.ofArray(source).asSlice(from, length));
    } catch (FsException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Makes everything that was written durable. */
  public void sync() throws IOException {
    try {
      files.sync(caller, handle, false);
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
