package io.strata.tests.bench;

import io.strata.fs.FsException;
import io.strata.fs.continuity.Client;
import io.strata.fs.continuity.Continuity;
import io.strata.fs.continuity.RequestRecord;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import io.strata.store.Epoch;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs that a client outlives the daemon: for each request that writes, each open file. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ContinuityBenchmark {
  private static final int INODES = 10_000;

  private Path folder = Path.of("");
  private @Nullable Continuity continuity;
  private @Nullable Client client;
  private List<List<Mutation>> groups = List.of();
  private long unique;
  private long group;

  /** Begins a client. */
  @Setup
  public void begin() throws IOException {
    folder = Files.createTempDirectory("strata-continuity");
    Continuity opened =
        Continuity.open(
            new StateDirectory(folder.resolve("state"), false),
            new VolumeId(new UUID(1, 2)),
            "boot",
            new Epoch(2),
            List.of(),
            () -> group - 5_000,
            () -> {});
    continuity = opened;
    client = opened.begin("client", new byte[0]);
    Timestamp now = new Timestamp(1, 0);
    Inode inode =
        new Inode(0100644, 1, 0, 0, 0, 0, 0, now, now, now, now, null, ByteString.EMPTY);
    groups =
        LongStream.rangeClosed(1, INODES)
            .mapToObj(i -> List.<Mutation>of(new Mutation.InodePut(new Ino(i), inode)))
            .toList();
  }

  /** A request that writes one group, from its beginning until it is answered. */
  @Benchmark
  public Object request() throws FsException {
    RequestRecord record = Objects.requireNonNull(client).request(++unique);
    if (record == null) {
      throw new IllegalStateException("it is not remembered");
    }
    record.writing(++group, groups.get((int) (group % INODES)));
    record.finished(4096);
    record.answered();
    return record;
  }

  /** A file that is opened and closed. */
  @Benchmark
  public void open() {
    Client one = Objects.requireNonNull(client);
    Ino ino = new Ino(1 + unique++ % INODES);
    one.opened(ino);
    one.released(ino);
  }

  /** Ends the client. */
  @TearDown
  public void end() throws IOException {
    Objects.requireNonNull(client).end();
    Objects.requireNonNull(continuity).close();
    Files.delete(folder.resolve("state"));
    Files.delete(folder);
  }
}
