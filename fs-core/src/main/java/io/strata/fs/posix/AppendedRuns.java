package io.strata.fs.posix;

import io.strata.fs.Caller;
import io.strata.fs.Engine;
import io.strata.fs.FsException;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The bytes of one write in the segment log: a run, or several if there are very many. */
final class AppendedRuns implements AutoCloseable {
  private final List<Engine.Appended> runs = new ArrayList<>();

  private AppendedRuns() {}

  /** Appends all of {@code source}; where that fails nothing is kept. */
  static AppendedRuns append(
      Engine engine, Caller caller, MemorySegment source, Ino ino, long fileOffset)
      throws FsException {
    AppendedRuns appended = new AppendedRuns();
    boolean complete = false;
    try {
      for (long at = 0; at < source.byteSize(); at += Engine.APPEND_BYTES_MAX) {
        long length = Math.min(Engine.APPEND_BYTES_MAX, source.byteSize() - at);
        appended.runs.add(
            engine.append(caller, source.asSlice(at, length), ino, fileOffset + at));
      }
      complete = true;
      return appended;
    } finally {
      if (!complete) {
        appended.close();
      }
    }
  }

  List<Extent> extents() {
    return movedBy(0);
  }

  /** The extents as they are if the bytes belong {@code more} bytes further on in the file. */
  List<Extent> movedBy(long more) {
    return runs.stream()
        .map(Engine.Appended::extent)
        .map(
            extent ->
                new Extent(
                    extent.fileOffset() + more,
                    extent.length(),
                    extent.nonce(),
                    extent.logicalOffset()))
        .toList();
  }

  @Override
  public void close() {
    runs.forEach(Engine.Appended::close);
  }
}
