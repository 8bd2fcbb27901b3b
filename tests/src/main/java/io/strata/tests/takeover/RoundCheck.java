package io.strata.tests.takeover;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares what a volume holds of a round with what its writers did. Confined to one thread.
 *
 * <p>What must be true:
 *
 * <ul>
 *   <li>The files of each writer are what some prefix of its steps leaves.
 *   <li>That prefix holds all steps up to the last that was synced with success, or, of an owner who
 *       was asked to end, all that were answered.
 *   <li>The prefixes together are one of the whole: no step is missing that was answered before one
 *       began that is there.
 *   <li>A file that all writers replace holds what one of them put there, and nobody replaced after
 *       that.
 * </ul>
 */
final class RoundCheck {
  private final int round;
  private final List<WriterHistory> histories;
  private final RoundFiles found;
  private final boolean closed;
  private final List<Kept> kept = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private long promised;
  private long lost;

  private RoundCheck(
      int round, List<WriterHistory> histories, RoundFiles found, boolean closed) {
    this.round = round;
    this.histories = histories;
    this.found = found;
    this.closed = closed;
  }

  /**
   * What was found.
   *
   * @param promised how many steps had to be there
   * @param lost how many of them are not
   * @param violations of what must be true, in words
   */
  record Verdict(long promised, long lost, List<String> violations) {
    Verdict {
      violations = List.copyOf(violations);
    }
  }

  /**
   * Which steps of a writer are there. Those between change nothing that can be seen.
   *
   * @param steps all that were begun
   * @param least so many at least
   * @param most so many at most
   */
  private record Kept(List<Step> steps, int least, int most) {}

  /**
   * Checks a round whose writers have ended.
   *
   * @param closed whether the owner ended as it was asked to
   */
  static Verdict check(
      int round, long seed, List<WriterHistory> histories, RoundFiles found, boolean closed) {
    RoundCheck check = new RoundCheck(round, histories, found, closed);
    for (int writer = 0; writer < histories.size(); writer++) {
      check.checkWriter(writer, new Plan(seed, round, writer));
    }
    if (check.kept.size() == histories.size()) {
      check.checkWhole();
      for (int slot = 0; slot < Plan.SLOTS; slot++) {
        check.checkSlot(slot, found.slots().get(slot));
      }
    }
    return new Verdict(check.promised, check.lost, check.violations);
  }

  private void violation(String what) {
    violations.add("round " + round + ": " + what);
  }

  private void checkWriter(int writer, Plan plan) {
    WriterHistory history = histories.get(writer);
    WriterFiles there = found.writers().get(writer);
    List<Step> steps = new ArrayList<>();
    List<Integer> matches = new ArrayList<>();
    WriterFiles files = WriterFiles.NONE;
    WriterFiles wanted = files;
    int required = 0;
    if (files.equals(there)) {
      matches.add(0);
    }
    for (int number = 1; number <= history.begun(); number++) {
      Step step = plan.next();
      steps.add(step);
      files = files.after(step, number);
      if (files.equals(there)) {
        matches.add(number);
      }
      if (number <= history.answered() && (closed || step.synced())) {
        required = number;
        wanted = files;
      }
    }
    promised += required;
    if (matches.isEmpty()) {
      lost++;
      violation(
          "writer %d: no prefix of its steps leaves %s; its %d steps to the last promise leave %s"
              .formatted(writer, there, required, wanted));
      return;
    }
    if (matches.getLast() < required) {
      lost += required - matches.getLast();
      violation(
          "writer %d: %d steps are there of %d that were acknowledged"
              .formatted(writer, matches.getLast(), required));
      return;
    }
    int promisedSteps = required;
    int least = matches.stream().filter(number -> number >= promisedSteps).findFirst().orElseThrow();
    kept.add(new Kept(steps, least, matches.getLast()));
  }

  private void checkWhole() {
    long latest = Long.MIN_VALUE;
    String which = "";
    for (int writer = 0; writer < kept.size(); writer++) {
      int least = kept.get(writer).least();
      if (least > 0 && histories.get(writer).invokedNanos(least) > latest) {
        latest = histories.get(writer).invokedNanos(least);
        which = "step %d of writer %d".formatted(least, writer);
      }
    }
    for (int writer = 0; writer < kept.size(); writer++) {
      int missing = kept.get(writer).most() + 1;
      WriterHistory history = histories.get(writer);
      if (missing <= history.answered() && history.answeredNanos(missing) < latest) {
        long later = latest - history.answeredNanos(missing);
        violation(
            "step %d of writer %d is missing; %s is there, which began %d us after the answer to it"
                .formatted(missing, writer, which, later / 1000));
      }
    }
  }

  private void checkSlot(int slot, @Nullable Content content) {
    long answered = Long.MIN_VALUE;
    if (content != null) {
      int writer = content.writer();
      int number = (int) content.number();
      if (content.round() != round
          || writer >= kept.size()
          || number > kept.get(writer).most()
          || !publishes(writer, number, slot)) {
        violation("slot %d holds %s, which nobody kept there".formatted(slot, content));
        return;
      }
      WriterHistory history = histories.get(writer);
      answered =
          number <= history.answered() ? history.answeredNanos(number) : Long.MAX_VALUE;
    }
    for (int writer = 0; writer < kept.size(); writer++) {
      for (int number = 1; number <= kept.get(writer).least(); number++) {
        if (publishes(writer, number, slot)
            && histories.get(writer).invokedNanos(number) > answered) {
          violation(
              "slot %d holds %s, but step %d of writer %d came later"
                  .formatted(
                      slot, content == null ? "nothing" : content.toString(), number, writer));
        }
      }
    }
  }

  private boolean publishes(int writer, int number, int slot) {
    return kept.get(writer).steps().get(number - 1) instanceof Step.PublishShared(int into, int bytes)
        && into == slot;
  }
}
