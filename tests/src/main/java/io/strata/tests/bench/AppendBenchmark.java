package io.strata.tests.bench;

import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.file.FileStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/** An append to a file of an open volume over a folder: log, tree and segment, without a mount. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(1)
public class AppendBenchmark {
  private static final long FILE_BYTES_MAX = 256L << 20;

  /** Bytes an append. */
  @Param({"4096", "131072"})
  private int length;

  private final Platform platform = SystemPlatform.create();
  private Path folder = Path.of("");
  private @Nullable Volume volume;
  private MemorySegment bytes = MemorySegment.NULL;
  private long handle;
  private long at;

  /** Opens a new volume. */
  @Setup
  public void open() throws IOException, FsException {
    folder = Files.createTempDirectory("strata-append");
    FileStore store = FileStore.open(folder, platform);
    Volume.format(store, FormatOptions.DEFAULT, platform);
    Volume opened = Volume.open(store, OpenOptions.DEFAULT, platform);
    volume = opened;
    handle =
        opened
            .fileSystem()
            .create(
                Caller.ROOT,
                Ino.ROOT,
                FileName.of("file"),
                new NewNode(0100644, 0),
                OpenFlags.READ_WRITE)
            .handle();
    bytes = MemorySegment.ofArray(new byte[length]);
  }

  /** Appends; begins again at the start of the file when it is long. */
  @Benchmark
  public int append() throws FsException {
    int written = Objects.requireNonNull(volume).fileSystem().write(Caller.ROOT, handle, at, bytes, false);
    at = (at + length) % FILE_BYTES_MAX;
    return written;
  }

  /** Closes the volume and deletes its bucket. */
  @TearDown
  public void close() throws IOException {
    Objects.requireNonNull(volume).close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
