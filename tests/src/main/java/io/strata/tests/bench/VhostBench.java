package io.strata.tests.bench;

import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fuse.abi.Opcode;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.file.FileStore;
import io.strata.tests.vmm.Cuts;
import io.strata.tests.vmm.Features;
import io.strata.tests.vmm.FuseRequest;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestOptions;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures a vhost-user back end in a process of its own, with the front-end as its guest: requests a
 * second, what waiting requests cost others, and what open files take.
 */
final class VhostBench {
  private static final long FILE_BYTES = 8 << 20;
  private static final int PAGE = 4096;
  private static final Duration ROUND = Duration.ofMillis(Integer.getInteger("millis", 1500));
  private static final int WARM_UP = 3;
  private static final int WAITING = 1024;

  private final Path folder;

  private VhostBench(Path folder) {
    this.folder = folder;
  }

  /** Arguments: a folder to work in; then {@code rates}, {@code waiting} or {@code handles}. */
  public static void main(String[] arguments) throws Exception {
    VhostBench bench = new VhostBench(Path.of(arguments[0]));
    switch (arguments[1]) {
      case "rates" -> bench.rates();
      case "waiting" -> bench.waiting();
      case "handles" -> bench.handles();
      default -> throw new IllegalArgumentException(arguments[1]);
    }
  }

  private static GuestOptions options(int queues) {
    return new GuestOptions(
        Features.INDIRECT | Features.EVENT_INDEX,
        GuestOptions.standard().protocolFeatures() & ~Features.INFLIGHT_SHMFD,
        queues,
        1024,
        32,
        1 << 17,
        Cuts.pages(),
        false);
  }

  private DaemonProcess daemon(String store, int delayMillis, int cacheMib) throws IOException {
    DaemonProcess daemon =
        new DaemonProcess(
            BenchDaemon.class,
            folder.resolve(store).toString(),
            folder.resolve("socket").toString(),
            Integer.toString(delayMillis),
            Integer.toString(cacheMib));
    daemon.line();
    return daemon;
  }

  private GuestFiles.File file(GuestFiles files, String name, long bytes)
      throws InterruptedException {
    GuestFiles.File file = files.create(GuestFiles.ROOT, name);
    byte[] content = new byte[1 << 17];
    new SplittableRandom(1).nextBytes(content);
    for (long at = 0; at < bytes; at += content.length) {
      files.write(file, at, content);
    }
    files.sync(file);
    return file;
  }

  /** An operation as a guest makes it, and as a program that has the filesystem in its process. */
  private record Kind(String name, FuseRequest request, QueueLoad.Vary vary, Direct direct) {}

  @FunctionalInterface
  private interface Direct {
    void run(FileSystem files, long handle, Ino ino, long offset) throws Exception;
  }

  private void rates() throws Exception {
    Platform platform = SystemPlatform.create();
    Path own = Files.createDirectories(folder.resolve("direct"));
    try (DaemonProcess _ = daemon("served", 0, 256);
        DaemonProcess echo = new DaemonProcess(DaemonProcess.Echo.class);
        FileStore store = FileStore.open(own, platform)) {
      Volume.format(store, FormatOptions.DEFAULT, platform);
      try (Volume volume = Volume.open(store, OpenOptions.DEFAULT, platform);
          Guest guest = Guest.boot(folder.resolve("socket"), options(2))) {
        GuestFiles files = new GuestFiles(guest);
        files.init();
        GuestFiles.File file = file(files, "file", FILE_BYTES);
        MemorySegment page = MemorySegment.ofArray(new byte[PAGE]);
        List<Kind> kinds =
            List.of(
                new Kind(
                    "GETATTR",
                    GuestFiles.getAttributes(file.node()),
                    QueueLoad.Vary.nothing(),
                    (direct, handle, ino, at) -> direct.attributes(Caller.ROOT, ino)),
                new Kind(
                    "READ 4K",
                    GuestFiles.readRequest(file, 0, PAGE),
                    QueueLoad.Vary.offsets(FILE_BYTES),
                    (direct, handle, ino, at) -> direct.read(Caller.ROOT, handle, at, page)),
                new Kind(
                    "WRITE 4K",
                    GuestFiles.writeRequest(file, 0, new byte[PAGE], 0),
                    QueueLoad.Vary.offsets(FILE_BYTES),
                    (direct, handle, ino, at) ->
                        direct.write(Caller.ROOT, handle, at, page, false)));
        FileSystem direct = volume.fileSystem();
        Opened opened = directFile(direct);
        double pingPong = 0;
        for (int i = 0; i < WARM_UP; i++) {
          pingPong = pingPongs(echo);
        }
        System.out.printf("ping-pong between two processes: %.0f/s%n", pingPong);
        System.out.println("op        queues depth     ops/s   us/op  of direct  of ping-pong");
        for (Kind kind : kinds) {
          measure(guest, kind, direct, opened, echo);
        }
      }
    }
  }

  private static Opened directFile(FileSystem files) throws Exception {
    Opened opened =
        files.create(
            Caller.ROOT,
            Ino.ROOT,
            FileName.of("file"),
            new NewNode(0100644, 0),
            OpenFlags.READ_WRITE);
    byte[] content = new byte[1 << 17];
    new SplittableRandom(1).nextBytes(content);
    for (long at = 0; at < FILE_BYTES; at += content.length) {
      files.write(Caller.ROOT, opened.handle(), at, MemorySegment.ofArray(content), false);
    }
    files.sync(Caller.ROOT, opened.handle(), false);
    return opened;
  }

  private static void measure(
      Guest guest, Kind kind, FileSystem direct, Opened opened, DaemonProcess echo)
      throws Exception {
    List<List<QueueLoad>> loads = new ArrayList<>();
    for (int queues = 1; queues <= 2; queues++) {
      for (int depth : new int[] {1, 32}) {
        List<QueueLoad> together = new ArrayList<>();
        for (int queue = 1; queue <= queues; queue++) {
          together.add(
              new QueueLoad(guest, queue, kind.request(), depth / queues + depth % queues, kind.vary()));
        }
        if (depth == 1 && queues == 2) {
          continue; // one request cannot be on two queues
        }
        loads.add(together);
      }
    }
    for (int i = 0; i < WARM_UP; i++) {
      run(loads.getLast());
      directRate(kind, direct, opened);
    }
    for (List<QueueLoad> load : loads) {
      double before = directRate(kind, direct, opened);
      double rate = run(load);
      double pingPong = pingPongs(echo);
      double after = directRate(kind, direct, opened);
      double beside = (before + after) / 2;
      int depth = load.stream().mapToInt(QueueLoad::depth).sum();
      System.out.printf(
          "%-9s %6d %5d %9.0f %7.1f %9.3fx %12.2fx%n",
          kind.name(), load.size(), depth, rate, 1e6 / rate, rate / beside, rate / pingPong);
    }
  }

  /** Runs loads side by side, a thread each, and tells how many requests a second were answered. */
  private static double run(List<QueueLoad> loads)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(loads.size())) {
      long began = System.nanoTime();
      List<Future<Long>> running = new ArrayList<>();
      for (QueueLoad load : loads) {
        running.add(threads.submit(() -> load.run(ROUND)));
      }
      long count = 0;
      for (Future<Long> one : running) {
        count += one.get();
      }
      return count * 1e9 / (System.nanoTime() - began);
    }
  }

  private static double directRate(Kind kind, FileSystem files, Opened opened) throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    Ino ino = opened.attributes().ino();
    long began = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - began < ROUND.toNanos() / 3) {
      kind.direct().run(files, opened.handle(), ino, random.nextLong(FILE_BYTES / PAGE) * PAGE);
      count++;
    }
    return count * 1e9 / (System.nanoTime() - began);
  }

  private static double pingPongs(DaemonProcess echo) throws IOException {
    long began = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - began < ROUND.toNanos() / 3) {
      echo.pingPong();
      count++;
    }
    return count * 1e9 / (System.nanoTime() - began);
  }

  /** 1,024 cold reads wait for a store of 100 ms all the time, and one GETATTR after the other. */
  private void waiting() throws Exception {
    long bytes = 256L << 20;
    try (DaemonProcess _ = daemon("slow", 0, 16);
        Guest guest = Guest.boot(folder.resolve("socket"), options(2))) {
      GuestFiles files = new GuestFiles(guest);
      files.init();
      files.release(file(files, "cold", bytes));
    }
    try (DaemonProcess daemon = daemon("slow", 100, 16);
        Guest guest = Guest.boot(folder.resolve("socket"), options(2))) {
      GuestFiles files = new GuestFiles(guest);
      files.init();
      GuestFiles.File cold = files.open(files.lookup(GuestFiles.ROOT, "cold").node());
      FuseRequest attributes = GuestFiles.getAttributes(GuestFiles.ROOT);
      QueueLoad beside = new QueueLoad(guest, 2, attributes, 1, QueueLoad.Vary.nothing());
      QueueLoad reads =
          new QueueLoad(
              guest,
              1,
              GuestFiles.readRequest(cold, 0, PAGE),
              WAITING,
              QueueLoad.Vary.offsets(bytes));
      for (int i = 0; i < WARM_UP; i++) {
        beside.latencies(20_000);
      }
      long idleThreads = daemon.use().threads();
      long[] idle = beside.latencies(20_000);
      try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
        Future<Long> waiting = thread.submit(() -> reads.run(Duration.ofSeconds(8)));
        Thread.sleep(2000);
        long threads = threads(daemon);
        long[] busy = beside.latencies(20_000);
        threads = Math.max(threads, threads(daemon));
        long answered = waiting.get();
        System.out.printf(
            "%d requests wait for a GET of 100 ms all the time (%d answered in 8 s)%n",
            WAITING,
            answered);
        System.out.printf("platform threads: %d, idle %d%n", threads, idleThreads);
        System.out.printf("GETATTR beside them: %s; idle: %s%n", quantiles(busy), quantiles(idle));
      }
    }
  }

  private static long threads(DaemonProcess daemon) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + daemon.handle().pid() + "/task"))) {
      return tasks.count();
    }
  }

  private static String quantiles(long[] sorted) {
    return "p50 %.0f us, p99 %.0f us, p99.9 %.0f us"
        .formatted(
            sorted[sorted.length / 2] / 1e3,
            sorted[sorted.length / 100 * 99] / 1e3,
            sorted[sorted.length / 1000 * 999] / 1e3);
  }

  /** A million handles on ten thousand files. */
  private void handles() throws Exception {
    int handles = Integer.getInteger("handles", 1_000_000);
    try (DaemonProcess daemon = daemon("handles", 0, 64);
        Guest guest = Guest.boot(folder.resolve("socket"), options(2))) {
      GuestFiles files = new GuestFiles(guest);
      files.init();
      long[] nodes = new long[10_000];
      for (int i = 0; i < nodes.length; i++) {
        GuestFiles.File made = files.create(GuestFiles.ROOT, "file" + i);
        nodes[i] = made.node();
        files.release(made);
      }
      FuseRequest open = new FuseRequest(Opcode.OPEN, 1).u32(2).u32(0).replyBytes(16);
      QueueLoad load = new QueueLoad(guest, 1, open, 32, QueueLoad.Vary.nodes(nodes));
      load.run(done -> done >= nodes.length, done -> {});
      DaemonProcess.Use before = daemon.use();
      long began = System.nanoTime();
      long opened = load.run(done -> done >= handles, done -> {});
      double seconds = (System.nanoTime() - began) / 1e9;
      DaemonProcess.Use after = daemon.use();
      System.out.printf(
          "%d handles more in %.1f s: %.0f bytes of heap each, %d descriptors (before %d)%n",
          opened,
          seconds,
          (double) (after.heapBytes() - before.heapBytes()) / opened,
          after.descriptors(),
          before.descriptors());
    }
  }
}
