package io.strata.tests.crash;

import io.strata.fs.RenameMode;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes steps out of a seed: few names, so that they meet. */
final class Workload {
  private static final String[] PATHS = {
    "a", "b", "c", "p", "q", "p/a", "p/b", "p/q", "q/a", "q/b", "p/q/a"
  };
  private static final int OFFSET_MAX = 200_000;

  private final SplittableRandom random;

  private Workload(long seed) {
    random = new SplittableRandom(seed);
  }

  static List<Step> steps(long seed, int count) {
    Workload workload = new Workload(seed);
    List<Step> steps = new ArrayList<>();
    // Something to work on, so that few steps fail.
    steps.add(new Step.MakeDirectory("p"));
    steps.add(new Step.MakeFile("a"));
    steps.add(new Step.MakeDirectory("q"));
    for (int i = 0; i < count; i++) {
      steps.add(workload.next());
    }
    return steps;
  }

  /** The same with states that are kept, forgotten and gone back to all the time. */
  static List<Step> snapshotSteps(long seed, int count) {
    Workload workload = new Workload(~seed);
    List<Step> steps = new ArrayList<>(steps(seed, 5));
    for (int i = 0; i < count; i++) {
      steps.add(
          switch (workload.random.nextInt(16)) {
            case 0, 1 -> new Step.Snapshot(workload.snapshot());
            case 2 -> new Step.Forget(workload.snapshot());
            case 3 -> new Step.Rollback(workload.snapshot());
            case 4 -> new Step.Checkpoint();
            case 5 -> new Step.Collect();
            default -> workload.next();
          });
    }
    return steps;
  }

  private Step next() {
    int dice = random.nextInt(100);
    if (dice < 15) {
      return new Step.MakeFile(path());
    } else if (dice < 20) {
      return new Step.MakeDirectory(path());
    } else if (dice < 23) {
      return new Step.MakeSymlink(path(), "to/" + path());
    } else if (dice < 28) {
      return new Step.Link(path(), path());
    } else if (dice < 55) {
      return new Step.Write(path(), offset(), length(), random.nextLong());
    } else if (dice < 62) {
      return new Step.Truncate(path(), offset());
    } else if (dice < 66) {
      return new Step.SetAttribute(path(), "user." + random.nextInt(3), "v" + dice);
    } else if (dice < 69) {
      return new Step.Hold(path());
    } else if (dice < 74) {
      return new Step.Remove(path());
    } else if (dice < 76) {
      return new Step.RemoveDirectory(path());
    } else if (dice < 86) {
      return new Step.Rename(path(), path(), mode());
    } else if (dice < 91) {
      return new Step.Sync();
    } else if (dice < 95) {
      return new Step.Snapshot(snapshot());
    } else if (dice < 96) {
      return new Step.Forget(snapshot());
    } else if (dice < 98) {
      return new Step.Rollback(snapshot());
    } else if (dice < 99) {
      return new Step.Collect();
    }
    return new Step.Checkpoint();
  }

  private String snapshot() {
    return "s" + random.nextInt(3);
  }

  private String path() {
    return PATHS[random.nextInt(PATHS.length)];
  }

  private int offset() {
    return random.nextInt(3) == 0 ? 0 : random.nextInt(OFFSET_MAX);
  }

  private int length() {
    return 1 + random.nextInt(random.nextInt(4) == 0 ? OFFSET_MAX : 5000);
  }

  private RenameMode mode() {
    List<RenameMode> modes = List.of(RenameMode.values());
    return modes.get(random.nextInt(modes.size()));
  }
}
