package io.strata.tests.takeover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be true of an owner that met a fault, whatever its daemon has become.
 *
 * @param load what was done on its mount, to the end
 * @param struckNanos when the fault had happened
 * @param succeededNanos when the next owner had answered for the first time
 */
record OldOwner(Load load, long struckNanos, long succeededNanos) {
  /** What is not true. */
  List<String> violations(Fault fault, Duration leaseTerm) {
    List<String> violations = new ArrayList<>();
    String broken = load.broken();
    if (broken != null) {
      violations.add(broken);
    }
    if (load.watch().answers() == 0) {
      violations.add("nothing was ever read on its mount");
    }
    if (load.watch().stale() > 0) {
      violations.add("%d reads were answered with old contents".formatted(load.watch().stale()));
    }
    long answered = load.watch().lastAnsweredNanos() - struckNanos;
    if (fault.outlived() && answered > leaseTerm.toNanos()) {
      violations.add(
          "a read was answered that began %d ms after the fault; the lease lasts %d ms"
              .formatted(answered / 1_000_000, leaseTerm.toMillis()));
    }
    if (load.beaconInvokedNanos() > succeededNanos) {
      violations.add("it acknowledged a file that was begun after its successor had answered");
    }
    for (int writer = 0; writer < load.writers().size(); writer++) {
      violations.addAll(violations(writer, load.writers().get(writer)));
    }
    return violations.stream()
        .map(text -> "round %d, the old owner: %s".formatted(load.round(), text))
        .toList();
  }

  private List<String> violations(int writer, WriterHistory history) {
    List<String> violations = new ArrayList<>();
    WriterHistory.Failure failure = history.failure();
    if (failure != null && failure.nanos() < struckNanos) {
      violations.add(
          "writer %d failed before anything had happened: %s".formatted(writer, failure.message()));
    }
    int last = history.answered();
    if (last > 0 && history.invokedNanos(last) > succeededNanos) {
      violations.add(
          "step %d of writer %d was acknowledged though it began after the successor had answered"
              .formatted(last, writer));
    }
    return violations;
  }
}
