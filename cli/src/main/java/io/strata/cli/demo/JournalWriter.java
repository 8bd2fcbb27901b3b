package io.strata.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Appends to all journals at once, makes each record durable and says so, until something fails:
 * which is what the demo is for.
 */
record JournalWriter(DemoTree tree, Consumer<WorkerLine> out) {
  /** Never returns normally. */
  void run() throws IOException, InterruptedException {
    tree.makeDirectories(Journal.ROOT);
    List<Future<?>> writers = new ArrayList<>();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (int number = 0; number < Journal.COUNT; number++) {
        Journal journal = new Journal(number);
        writers.add(
            threads.submit(
                () -> {
                  write(journal);
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a journal cannot be written: " + e.getMessage(), e);
    }
  }

  private void write(Journal journal) throws IOException {
    try (DemoTree.Appender file = tree.append(journal.path())) {
      for (int index = 0; ; index++) {
        file.append(journal.record(index));
        file.sync();
        out.accept(new WorkerLine.Acknowledged(journal.number(), index + 1));
      }
    }
  }
}
