package io.strata.cli.demo;

import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.Volume;
import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.finding.Finding;
import io.strata.platform.Platform;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole story, once: format, fill, kill, open again, compare, check.
 *
 * <p>Confined to one thread, except that {@link #close} may come from another when the process is
 * interrupted.
 */
final class Demo implements AutoCloseable {
  private static final Step.Work NOTHING = new Step.Work(0, 0);

  private final DemoPlace place;
  private final Host host;
  private final int filesMax;
  private final Platform platform;
  private final Recorder recorder;
  private volatile @Nullable WorkerProcess worker;

  /**
   * @param place folders and the volume's URL
   * @param host how the volume is served
   * @param filesMax how many files are unpacked
   */
  Demo(DemoPlace place, Host host, int filesMax, Platform platform, Recorder recorder) {
    this.place = place;
    this.host = host;
    this.filesMax = filesMax;
    this.platform = platform;
    this.recorder = recorder;
  }

  /** Runs it and tells what came of it. */
  DemoReport run() throws IOException, InterruptedException {
    format();
    mount();
    Acknowledged acknowledged = crash();
    DemoTree tree = mountAgain();
    compare(tree, acknowledged);
    unmount();
    check();
    return recorder.report();
  }

  private void format() throws IOException {
    long began = recorder.now();
    try (StoreConnection connection =
        StoreConnection.open(place.url(), VolumeSession.PATIENCE, platform)) {
      Volume.format(connection.store(), FormatOptions.DEFAULT, platform);
      recorder.done("format", began, NOTHING, DemoWorker.requests(connection.statistics()));
    }
  }

  private void mount() throws IOException, InterruptedException {
    long began = recorder.now();
    host.open();
    recorder.done("mount", began, NOTHING, host.requests());
  }

  private Acknowledged crash() throws IOException, InterruptedException {
    try (WorkerProcess started =
        WorkerProcess.start(host.worker(filesMax, place.manifest()), place)) {
      worker = started;
      return new Crash(host, started, recorder, place.log()).run();
    } finally {
      worker = null;
    }
  }

  private DemoTree mountAgain() throws IOException, InterruptedException {
    long began = recorder.now();
    DemoTree tree = host.reopen();
    recorder.done("mount again", began, NOTHING, host.requests());
    return tree;
  }

  private void compare(DemoTree tree, Acknowledged acknowledged) throws IOException {
    Requests before = host.requests();
    long began = recorder.now();
    Comparison comparison = new Comparison(tree, Steps.all(Source.find(), filesMax), recorder);
    comparison.compareJournals(acknowledged);
    int files = comparison.compareFiles(place.manifest());
    comparison.verifySteps();
    recorder.done("compare", began, new Step.Work(files, 0), host.requests().since(before));
  }

  private void unmount() throws IOException, InterruptedException {
    long began = recorder.now();
    host.shut();
    recorder.done("unmount", began, NOTHING, Requests.NONE);
  }

  private void check() throws IOException, InterruptedException {
    long began = recorder.now();
    try (StoreConnection connection =
        StoreConnection.open(place.url(), VolumeSession.PATIENCE, platform)) {
      FsckReport found =
          Fsck.check(connection.store(), FsckOptions.DEFAULT.withData(true), platform);
      recorder.done(
          "fsck --data",
          began,
          new Step.Work(found.counts().inodes(), found.counts().fileBytes()),
          DemoWorker.requests(connection.statistics()));
      List<String> problems = found.findings().stream().map(Finding::what).toList();
      recorder.add(
          new Verdict("fsck --data finds the volume clean", found.clean() ? List.of() : problems));
    }
  }

  @Override
  public void close() {
    WorkerProcess running = worker;
    if (running != null) {
      running.close();
    }
    host.close();
  }
}
