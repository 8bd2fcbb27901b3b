package io.strata.tests.takeover;

import io.strata.tests.takeover.Bucket.Folder;
import io.strata.tests.takeover.Bucket.S3;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two hosts and a fresh volume. Closing it kills what was started and takes away every mount,
 * network and folder that it made; so does the end of this program. Logs stay. Confined to one
 * thread.
 */
final class Lab implements AutoCloseable {
  private static final int NETWORKS = 16_000;

  private final List<String> strata;
  private final Path folder;
  private final Path logs;
  private final Bucket bucket;
  private final boolean machines;
  private final Deque<Closeable> made = new ArrayDeque<>();
  private final List<Host> hosts = new ArrayList<>();
  private final Thread atExit = new Thread(this::closeAtExit, "takeover-exit");

  private Lab(List<String> strata, Path folder, Path logs, Bucket bucket, boolean machines) {
    this.strata = strata;
    this.folder = folder;
    this.logs = logs;
    this.bucket = bucket;
    this.machines = machines;
  }

  /**
   * Makes one; formats the volume.
   *
   * @param tests the folder of the tests; the command is beside it
   * @param s3 where the volume is to be; null for a folder
   * @param machines whether the hosts do not know each other's processes; else they are one machine
   */
  static Lab open(Path tests, @Nullable S3 s3, boolean machines) throws IOException {
    Path absolute = tests.toAbsolutePath().normalize();
    Path logs = Files.createDirectories(absolute.resolve("target/takeover"));
    Path folder = Files.createTempDirectory("strata-takeover-");
    Bucket bucket = s3 == null ? new Folder(folder.resolve("bucket")) : s3;
    // As it was built: a build that runs these rounds holds the lock that another would wait for.
    List<String> strata =
        List.of("env", "STRATA_NO_BUILD=1", absolute.resolveSibling("strata").toString());
    Lab lab = new Lab(strata, folder, logs, bucket, machines);
    Runtime.getRuntime().addShutdownHook(lab.atExit);
    try {
      lab.build();
    } catch (IOException | RuntimeException e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  private void build() throws IOException {
    made.push(() -> Command.run("rm", "-rf", "--one-file-system", folder.toString()));
    // What a host mounts in here, all see.
    Command.run("mount", "--bind", folder.toString(), folder.toString());
    made.push(() -> Command.run("umount", "--lazy", folder.toString()));
    Command.run("mount", "--make-shared", folder.toString());
    host("a", 0);
    host("b", 1);
    strata("format", url("127.0.0.1", null));
  }

  private void host(String name, int index) throws IOException {
    long self = ProcessHandle.current().pid();
    Path log = logs.resolve("host-" + name + ".log");
    Files.deleteIfExists(log);
    HostNetwork network = null;
    TcpRelay relay = null;
    String gateway = "127.0.0.1";
    if (bucket instanceof S3 s3) {
      network =
          HostNetwork.make(
              "strata-%d-%s".formatted(self, name), (int) (2 * self + index) % NETWORKS);
      made.push(network::close);
      gateway = network.gateway();
      relay = TcpRelay.start(gateway, s3.server());
      made.push(relay::close);
    }
    Host host =
        new Host(
            "strata-host-" + name,
            folder.resolve(name),
            url(gateway, relay),
            new Host.Apart(machines, network, relay),
            strata,
            log);
    made.push(host::kill);
    hosts.add(host);
  }

  private String url(String address, @Nullable TcpRelay relay) {
    return switch (bucket) {
      case Folder(Path path) -> "file:" + path;
      case S3 s3 ->
          relay == null
              ? s3.url(s3.server().getHostString(), s3.server().getPort())
              : s3.url(address, relay.port());
    };
  }

  /** Runs a command of the program under test on this machine to its end. */
  String strata(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(strata);
    line.addAll(List.of(arguments));
    return Command.run(line.toArray(String[]::new));
  }

  /** Reads every byte of the volume and checks it. */
  void check() throws IOException {
    strata("fsck", "--data", url("127.0.0.1", null));
  }

  Host first() {
    return hosts.getFirst();
  }

  Host second() {
    return hosts.getLast();
  }

  /** What can happen to the owner here. */
  List<Fault> faults() {
    return Fault.all(bucket instanceof S3);
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    takeAway();
  }

  private void closeAtExit() {
    try {
      takeAway();
    } catch (IOException e) {
      throw new IllegalStateException("something of the lab may be left", e);
    }
  }

  private void takeAway() throws IOException {
    IOException failure = null;
    while (!made.isEmpty()) {
      try {
        made.pop().close();
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
