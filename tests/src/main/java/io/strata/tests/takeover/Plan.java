package io.strata.tests.takeover;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** The steps of one writer, which follow from its round, its number and a seed. Confined. */
final class Plan {
  /** Blocks of the file that is overwritten. */
  static final int BLOCKS = 32;

  /** Files that all writers replace. */
  static final int SLOTS = 3;

  private static final int NAMES_MAX = 24;
  private static final int[] PUBLISHED_BYTES = {700, 20_000, 300_000};

  private final int writer;
  private final SplittableRandom random;
  private final Deque<String> fresh = new ArrayDeque<>();
  private final Deque<String> renamed = new ArrayDeque<>();
  private long named;

  Plan(long seed, int round, int writer) {
    this.writer = writer;
    random = new SplittableRandom(seed * 1_000_003 + round * 101L + writer);
  }

  Step next() {
    int dice = random.nextInt(100);
    if (dice < 30) {
      return new Step.Append();
    }
    if (dice < 45) {
      return new Step.AppendShared();
    }
    if (dice < 60) {
      return new Step.Overwrite(random.nextInt(BLOCKS));
    }
    if (dice < 67) {
      return new Step.Publish(size());
    }
    if (dice < 75) {
      return new Step.PublishShared(random.nextInt(SLOTS), size());
    }
    return name(dice < 85);
  }

  /** Who creates a file of this name. */
  static int writerOf(String name) {
    return Integer.parseInt(name, 1, name.indexOf('-'), 10);
  }

  private int size() {
    return PUBLISHED_BYTES[random.nextInt(PUBLISHED_BYTES.length)];
  }

  private Step name(boolean create) {
    if (renamed.size() >= NAMES_MAX) {
      return new Step.Remove(renamed.remove());
    }
    if (create || fresh.isEmpty()) {
      String name = "w%d-%d".formatted(writer, named++);
      fresh.add(name);
      return new Step.Create(name);
    }
    String from = fresh.remove();
    String to = from + "-renamed";
    renamed.add(to);
    return new Step.Rename(from, to);
  }
}
