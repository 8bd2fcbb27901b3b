package io.strata.cli.demo;

import io.strata.cli.volume.VolumeSession;
import io.strata.platform.Clock;
import io.strata.store.metrics.StoreStats;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * The process that works on the volume: every possible step, then the journals, until it is
 * stopped. After each step it waits for a line, so that its parent can look around.
 */
public final class DemoWorker {
  private static final int REPORTS_A_STEP = 50;

  private final DemoTree tree;
  private final Supplier<Requests> requests;
  private final Clock clock;

  private DemoWorker(DemoTree tree, Supplier<Requests> requests, Clock clock) {
    this.tree = tree;
    this.requests = requests;
    this.clock = clock;
  }

  /** A worker on a mounted volume. */
  public static DemoWorker onMount(Path directory, Clock clock) {
    return new DemoWorker(new MountedTree(directory), () -> Requests.NONE, clock);
  }

  /** A worker on a volume that this process has open. */
  public static DemoWorker onVolume(VolumeSession session) {
    return new DemoWorker(
        new LibraryTree(session.files()),
        () -> requests(session.connection().statistics()),
        session.platform().clock());
  }

  /**
   * Works until something fails, or until it is killed.
   *
   * @param filesMax how many files are unpacked
   * @param manifest where to write what is to be there
   * @param in lines that let it go on
   * @param out what it has to tell
   */
  public void run(int filesMax, Path manifest, InputStream in, PrintWriter out)
      throws InterruptedException {
    try {
      BufferedReader goOn = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      ManifestWriter writer = new ManifestWriter();
      for (Step step : Steps.all(Source.find(), filesMax)) {
        if (step.possible(tree)) {
          tell(out, run(step, writer, out));
          goOn.readLine();
        }
      }
      writer.finish().save(manifest);
      tell(out, sync());
      goOn.readLine();
      new JournalWriter(tree, line -> tell(out, line)).run();
    } catch (IOException e) {
      tell(out, new WorkerLine.Failed(e.getMessage() == null ? e.toString() : e.getMessage()));
    }
  }

  private WorkerLine.Done run(Step step, ManifestWriter writer, PrintWriter out)
      throws IOException {
    long[] done = new long[1];
    Progress progress =
        all -> {
          done[0]++;
          if (done[0] % Math.max(all / REPORTS_A_STEP, 1) == 0) {
            tell(out, new WorkerLine.Going(step.name(), done[0], all));
          }
        };
    return timed(step.name(), () -> step.run(tree, writer, progress));
  }

  private WorkerLine.Done sync() throws IOException {
    return timed(
        "sync",
        () -> {
          tree.sync();
          return new Step.Work(0, 0);
        });
  }

  private interface Task {
    Step.Work run() throws IOException;
  }

  private WorkerLine.Done timed(String name, Task task) throws IOException {
    Requests before = requests.get();
    long began = clock.nanoTime();
    Step.Work work = task.run();
    return new WorkerLine.Done(name, work, clock.nanoTime() - began, requests.get().since(before));
  }

  /** Lines of several threads must not mix. */
  private static void tell(PrintWriter out, WorkerLine line) {
    synchronized (out) {
      out.println(line.line());
      out.flush();
    }
  }

  /** Sums up by what a step is judged: what changes the bucket, and what reads it. */
  static Requests requests(StoreStats store) {
    return new Requests(
        store.puts() + store.deletes(), store.gets() + store.heads() + store.lists());
  }
}
