package io.strata.tests.takeover;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.DaemonIdentity;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.output.JsonTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the harness, with at most one daemon on it: it has process numbers, a name and a
 * network of its own if that is wanted, and shares files with this machine. Confined to one thread, but for
 * {@link #kill}.
 */
final class Host {
  private static final String RENAME_AND_RUN =
      "echo \"$0\" > /proc/sys/kernel/hostname; exec \"$@\"";
  private static final int POLL_MILLIS = 20;

  private final String name;
  private final Path folder;
  private final String url;
  private final Apart apart;
  private final List<String> strata;
  private final Path log;
  private volatile @Nullable Process process;

  /**
   * What a host does not share with this machine.
   *
   * @param processes whether it has numbers of its own for them, and a name
   * @param network its own, or null
   * @param relay through which it reaches the store, if it has a network of its own
   */
  record Apart(
      boolean processes, @Nullable HostNetwork network, @Nullable TcpRelay relay) {}

  /**
   * Makes one.
   *
   * @param folder for what is its own; on a mount that is shared between namespaces
   * @param url where it finds the volume
   * @param strata how a command line of the program under test begins
   * @param log where its daemons log, one after the other
   */
  Host(
      String name,
      Path folder,
      String url,
      Apart apart,
      List<String> strata,
      Path log)
      throws IOException {
    this.name = name;
    this.folder = Files.createDirectories(folder);
    this.url = url;
    this.apart = apart;
    this.strata = List.copyOf(strata);
    this.log = log;
    Files.createDirectories(mount());
  }

  @Override
  public String toString() {
    return name;
  }

  /** Where its daemon mounts the volume. */
  Path mount() {
    return folder.resolve("mnt");
  }

  Path log() {
    return log;
  }

  HostNetwork network() {
    return Objects.requireNonNull(apart.network(), "the hosts have no networks of their own");
  }

  /** Starts a daemon and does not wait for it. */
  void start(List<String> options) throws IOException {
    HostNetwork network = apart.network();
    List<String> line = network == null ? new ArrayList<>() : network.enter();
    if (apart.processes()) {
      line.addAll(List.of("unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"));
      // What it mounts is to be seen here too.
      line.addAll(List.of("--propagation", "unchanged", "sh", "-c", RENAME_AND_RUN, name));
    }
    line.addAll(strata);
    line.add("mount");
    line.addAll(options);
    line.addAll(List.of(url, mount().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().put("STRATA_HEAP", "512m");
    builder.environment().put("STRATA_RUNTIME_DIR", folder.resolve("run").toString());
    process = builder.start();
  }

  private Process process() {
    return Objects.requireNonNull(process, "no daemon was started");
  }

  /** The daemon's process, as this machine numbers it. */
  private long pid() throws IOException {
    if (!apart.processes()) {
      return process().pid();
    }
    return process()
        .children()
        .findFirst()
        .orElseThrow(() -> new IOException("the daemon on " + name + " has ended; see " + log))
        .pid();
  }

  /** Sends the daemon a signal. */
  void signal(String signal) throws IOException {
    Command.run("kill", "-" + signal, String.valueOf(pid()));
  }

  boolean runs() {
    return process().isAlive();
  }

  /**
   * Waits for the daemon's end.
   *
   * @return its exit status
   * @throws IOException if it does not end
   */
  int awaitEnd(Duration max) throws IOException, InterruptedException {
    if (!process().waitFor(max.toMillis(), TimeUnit.MILLISECONDS)) {
      signal("QUIT"); // a dump of its threads in its log
      throw new IOException(
          "the daemon on %s has not ended in %d s; see %s".formatted(name, max.toSeconds(), log));
    }
    return process().exitValue();
  }

  /** How many requests its daemons have sent to the store; 0 if it has no network of its own. */
  long requests() {
    return apart.relay() == null ? 0 : apart.relay().requests();
  }

  /** Waits until the daemon knows an owner that it will follow. */
  void awaitStandingBy(Duration max) throws IOException, InterruptedException {
    long end = System.nanoTime() + max.toNanos();
    while (!standsBy()) {
      if (!runs() || System.nanoTime() > end) {
        throw new IOException(
            "the daemon on %s does not stand by; see %s".formatted(name, log));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean standsBy() throws IOException {
    Daemons daemons = new Daemons(new RuntimeDirectory(folder.resolve("run")));
    for (DaemonIdentity daemon : daemons.running()) {
      try (ControlClient client = daemons.connect(daemon)) {
        JsonTree state = client.ask(new ControlRequest.Statistics());
        if (state.text("role").equals("standby") && state.flag("heard")) {
          return true;
        }
      }
    }
    return false;
  }

  /** Kills the daemon if there is one, which ends its mount, and takes the mount away. */
  void kill() throws IOException {
    Process there = process;
    if (there != null) {
      there.children().forEach(ProcessHandle::destroyForcibly);
      there.destroyForcibly();
      there.onExit().join();
    }
    unmount();
  }

  boolean isMounted() throws IOException {
    return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + mount() + " ");
  }

  /** Takes away what an ended daemon had mounted. */
  private void unmount() throws IOException {
    while (isMounted()) {
      Command.run("umount", "--no-canonicalize", "--lazy", mount().toString());
    }
  }
}
