package io.strata.tests.bench;

import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.file.FileStore;
import io.strata.vhost.backend.BackEnd;
import io.strata.vhost.fs.FsConfig;
import io.strata.vhost.fs.FsSessions;
import io.strata.vhost.fs.VirtioFsDevice;
import io.strata.vhost.socket.ListeningSocket;
import io.strata.vhost.socket.SocketAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The daemon that is measured: as {@code strata serve}, with a store that can be slow and a cache
 * that can be small. It answers each line on its standard input with what it uses, and ends with
 * the input.
 */
final class BenchDaemon {
  private static final int QUEUES = 2;
  private static final int MIB = 1 << 20;

  private BenchDaemon() {}

  /** Arguments: folder of the store, socket, milliseconds of a GET, MiB of the cache. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    Path socket = Path.of(arguments[1]);
    Duration delay = Duration.ofMillis(Long.parseLong(arguments[2]));
    long cacheBytes = Long.parseLong(arguments[3]) * MIB;
    Platform platform = SystemPlatform.create();
    FaultPlan slow =
        request -> request.verb() == Verb.GET ? Fault.PASS.delayed(delay) : Fault.PASS;
    boolean fresh = !Files.exists(folder);
    Files.createDirectories(folder);
    try (ObjectStore files = FileStore.open(folder, platform);
        ObjectStore store = new FaultStore(files, slow, platform.clock())) {
      if (fresh) {
        Volume.format(store, FormatOptions.DEFAULT, platform);
      }
      VolumeLimits limits = limits(cacheBytes);
      try (Volume volume =
          Volume.open(store, OpenOptions.DEFAULT.withLimits(limits), platform)) {
        serve(volume, platform, socket);
      }
    }
  }

  private static VolumeLimits limits(long cacheBytes) {
    VolumeLimits usual = VolumeLimits.DEFAULT;
    return new VolumeLimits(
        usual.flushBytes(),
        usual.dirtyBytesMax(),
        cacheBytes,
        usual.pageBytesMax(),
        usual.dirtyPageBytesMax(),
        usual.inlineBytesMax(),
        usual.readAheadBytesMax());
  }

  private static void serve(Volume volume, Platform platform, Path socket)
      throws IOException, InterruptedException {
    VirtioFsDevice device =
        new VirtioFsDevice(
            new FsConfig("bench", QUEUES),
            new Sessions(volume, platform),
            64L * MIB,
            platform.waiting());
    SocketAccess access = new SocketAccess(SocketAccess.MODE_DEFAULT, null);
    BackEnd backEnd = BackEnd.start(ListeningSocket.on(socket, access), device);
    System.out.println("ready");
    int line = System.in.read();
    while (line >= 0) {
      if (line == '\n') {
        System.out.println(use());
      }
      line = System.in.read();
    }
    backEnd.stop();
  }

  /** Descriptors, platform threads, and bytes of the heap that are in use. */
  private static String use() throws IOException {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"));
        var threads = Files.list(Path.of("/proc/self/task"))) {
      return "%d %d %d"
          .formatted(
              descriptors.count(), threads.count(), runtime.totalMemory() - runtime.freeMemory());
    }
  }

  /** Sessions of the one guest. */
  private record Sessions(Volume volume, Platform platform) implements FsSessions {
    @Override
    public FuseSession fresh() {
      return new FuseSession(volume.fileSystem(), SessionOptions.standard(), platform, null);
    }

    @Override
    public FuseSession resumed() {
      return fresh();
    }

    @Override
    public byte[] save(FuseSession session) throws IOException {
      throw new IOException("nothing is saved here");
    }

    @Override
    public FuseSession load(byte[] state) throws IOException {
      throw new IOException("nothing is saved here");
    }
  }
}
