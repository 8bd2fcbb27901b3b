package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Lets a worker do its steps and write its journals, and kills the volume under it in the middle of
 * that. Confined to one thread.
 */
final class Crash {
  private static final int RECORDS_MIN = 100;
  private static final double WRITING_SECONDS_MIN = 3;

  private final Host host;
  private final WorkerProcess worker;
  private final Recorder recorder;
  private final Path log;
  private final Acknowledged acknowledged = new Acknowledged();
  private Requests asked = Requests.NONE;
  private long writingSince;
  private boolean killed;

  Crash(Host host, WorkerProcess worker, Recorder recorder, Path log) {
    this.host = host;
    this.worker = worker;
    this.recorder = recorder;
    this.log = log;
  }

  /** Returns, when the volume is dead, what must be there all the same. */
  Acknowledged run() throws IOException, InterruptedException {
    asked = host.requests();
    for (Optional<WorkerLine> line = worker.next(); line.isPresent(); line = worker.next()) {
      switch (line.get()) {
        case WorkerLine.Going going -> recorder.going(going.step(), going.done(), going.all());
        case WorkerLine.Done done -> stepDone(done);
        case WorkerLine.Acknowledged records -> {
          acknowledged.note(records);
          recorder.going("append+fsync", acknowledged.total(), 0);
          killIfEnough();
        }
        case WorkerLine.Failed failed -> {
          if (!killed) {
            throw new IOException(failed.reason() + "; the log is " + log);
          }
        }
      }
    }
    if (!killed) {
      throw new IOException("the worker ended by itself; the log is " + log);
    }
    return acknowledged;
  }

  private void stepDone(WorkerLine.Done done) throws IOException {
    Requests now = host.requests();
    boolean workerKnows = !done.requests().equals(Requests.NONE);
    recorder.done(
        new Row(
            done.step(),
            done.work(),
            done.nanos() / 1e9,
            workerKnows ? done.requests() : now.since(asked)));
    asked = now;
    writingSince = recorder.now();
    worker.goOn();
  }

  private void killIfEnough() throws IOException, InterruptedException {
    if (killed
        || acknowledged.total() < RECORDS_MIN
        || recorder.secondsSince(writingSince) < WRITING_SECONDS_MIN) {
      return;
    }
    killed = true;
    Requests now = host.requests();
    recorder.done("append+fsync", writingSince, acknowledged.work(), now.since(asked));
    host.kill(worker.process());
    recorder.say("SIGKILL after %d acknowledged records".formatted(acknowledged.total()));
  }
}
