package io.strata.cli.demo;

import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.OpenOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The worker opens the volume itself and is killed; afterwards this process opens it. */
final class LibraryHost implements Host {
  private final String url;
  private @Nullable VolumeSession session;

  LibraryHost(String url) {
    this.url = url;
  }

  @Override
  public String description() {
    return "through the library";
  }

  @Override
  public void open() {}

  @Override
  public List<String> worker(int filesMax, Path manifest) {
    return List.of("demo-worker", "--files=" + filesMax, "--manifest=" + manifest, "--url=" + url);
  }

  @Override
  public Requests requests() {
    return session == null ? Requests.NONE : DemoWorker.requests(session.connection().statistics());
  }

  @Override
  public void kill(Process worker) throws InterruptedException {
    // Through its handle: what it said to the last stays to be read.
    worker.toHandle().destroyForcibly();
    worker.waitFor();
  }

  @Override
  public DemoTree reopen() throws IOException {
    session = VolumeSession.open(url, OpenOptions.DEFAULT, VolumeSession.PATIENCE);
    return new LibraryTree(session.files());
  }

  @Override
  public void shut() throws IOException {
    if (session != null) {
      session.close();
      session = null;
    }
  }

  @Override
  public void close() {
    if (session != null) {
      session.volume().abandon();
      session.connection().close();
      session = null;
    }
  }
}
