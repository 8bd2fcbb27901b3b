package io.strata.cli.demo;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.control.Daemons;
import io.strata.cli.control.RuntimeDirectory;
import io.strata.cli.mounting.BackgroundStart;
import io.strata.cli.mounting.OwnCommand;
import io.strata.cli.output.JsonTree;
import io.strata.fuse.mount.FuseMount;
import io.strata.fuse.mount.Unmount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon of its own serves the volume and is killed; the worker uses the mount. */
final class MountHost implements Host {
  private static final Logger LOG = LoggerFactory.getLogger(MountHost.class);

  private final DemoPlace place;
  private @Nullable Process daemon;

  MountHost(DemoPlace place) {
    this.place = place;
  }

  @Override
  public String description() {
    return "mounted on " + place.mountPoint();
  }

  @Override
  public void open() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(OwnCommand.line(place.folder()));
    command.addAll(List.of("mount", "--daemon", place.url(), place.mountPoint().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(place.log().toFile()));
    builder.environment().put("STRATA_RUNTIME_DIR", place.runtime().toString());
    Process started = builder.start();
    daemon = started;
    BufferedReader said =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    if (!BackgroundStart.readyLine().equals(line)) {
      throw new IOException("the volume cannot be mounted: " + line + "; the log: " + place.log());
    }
  }

  @Override
  public List<String> worker(int filesMax, Path manifest) {
    return List.of(
        "demo-worker",
        "--files=" + filesMax,
        "--manifest=" + manifest,
        "--directory=" + place.mountPoint());
  }

  @Override
  public Requests requests() throws IOException {
    JsonTree store = ask(new ControlRequest.Statistics()).tree("store");
    return new Requests(
        requests(store, "put") + requests(store, "delete"),
        requests(store, "get") + requests(store, "head") + requests(store, "list"));
  }

  private static long requests(JsonTree store, String verb) {
    return store.tree(verb).integer("requests");
  }

  private JsonTree ask(ControlRequest request) throws IOException {
    Daemons daemons = new Daemons(new RuntimeDirectory(place.runtime()));
    try (ControlClient client =
        daemons.connect(
            daemons
                .ofVolume(place.url())
                .orElseThrow(
                    () -> new IOException("the daemon has ended; its log is " + place.log())))) {
      return client.ask(request);
    }
  }

  @Override
  public void kill(Process worker) throws InterruptedException {
    if (daemon != null) {
      daemon.destroyForcibly().waitFor();
    }
    // The worker's next system call fails; it says so and ends.
    worker.waitFor();
  }

  @Override
  public DemoTree reopen() throws IOException, InterruptedException {
    open();
    return new MountedTree(place.mountPoint());
  }

  @Override
  public void shut() throws IOException, InterruptedException {
    ask(new ControlRequest.Unmount(false));
    if (daemon != null) {
      int status = daemon.waitFor();
      if (status != 0) {
        throw new IOException(
            "the daemon ended with status " + status + "; its log is " + place.log());
      }
      daemon = null;
    }
  }

  @Override
  public void close() {
    if (daemon == null) {
      return;
    }
    daemon.destroyForcibly();
    try {
      daemon.waitFor();
      FuseMount.unmount(place.mountPoint(), Unmount.ABORT);
    } catch (IOException e) {
      LOG.debug("{} is not mounted", place.mountPoint(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    daemon = null;
  }
}
