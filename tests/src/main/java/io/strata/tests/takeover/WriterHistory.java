package io.strata.tests.takeover;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * When a writer's steps were begun and when they were answered, on {@link System#nanoTime()}.
 * Written by the writer's thread alone; read by others when that has ended.
 */
final class WriterHistory {
  private static final long UNANSWERED = Long.MIN_VALUE;

  private final Plan plan;
  private long[] invoked = new long[256];
  private long[] answered = new long[256];
  private int begun;
  private @Nullable Failure failure;

  WriterHistory(Plan plan) {
    this.plan = plan;
  }

  /** Why a writer went no further. */
  record Failure(long nanos, String message) {}

  /** The next step, which begins now. */
  Step begin() {
    if (begun == invoked.length) {
      invoked = Arrays.copyOf(invoked, 2 * begun);
      answered = Arrays.copyOf(answered, 2 * begun);
    }
    Step step = plan.next();
    answered[begun] = UNANSWERED;
    invoked[begun++] = System.nanoTime();
    return step;
  }

  /** The step that was begun last has succeeded. */
  void answer() {
    answered[begun - 1] = System.nanoTime();
  }

  void fail(Exception cause) {
    failure = new Failure(System.nanoTime(), String.valueOf(cause));
  }

  @Nullable Failure failure() {
    return failure;
  }

  /** How many steps were begun: the last of them may have no answer. */
  int begun() {
    return begun;
  }

  /** How many steps were answered. */
  int answered() {
    return begun > 0 && answered[begun - 1] == UNANSWERED ? begun - 1 : begun;
  }

  /** When a step began, counted from 1. */
  long invokedNanos(int number) {
    return invoked[number - 1];
  }

  /** When a step was answered; only for those that were. */
  long answeredNanos(int number) {
    if (number > answered()) {
      throw new IllegalArgumentException("step %d has no answer".formatted(number));
    }
    return answered[number - 1];
  }
}
