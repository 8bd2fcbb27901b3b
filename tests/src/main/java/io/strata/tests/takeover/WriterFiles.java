package io.strata.tests.takeover;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a writer's steps have left: all but the files that others replace.
 *
 * @param own records in its own log
 * @param shared its records in the log of all
 * @param published which of its own files is the one, 0 for none
 * @param blocks the number of the step that wrote each block last
 * @param names of its files among those of all
 */
record WriterFiles(
    long own, long shared, long published, Map<Integer, Long> blocks, Set<String> names) {
  static final WriterFiles NONE = new WriterFiles(0, 0, 0, Map.of(), Set.of());

  WriterFiles {
    blocks = Map.copyOf(blocks);
    names = Set.copyOf(names);
  }

  /**
   * What a step makes of it.
   *
   * @param number of the step, from 1
   */
  WriterFiles after(Step step, long number) {
    return switch (step) {
      case Step.Append append -> new WriterFiles(own + 1, shared, published, blocks, names);
      case Step.AppendShared append -> new WriterFiles(own, shared + 1, published, blocks, names);
      case Step.Overwrite overwrite -> {
        Map<Integer, Long> later = new HashMap<>(blocks);
        later.put(overwrite.block(), number);
        yield new WriterFiles(own, shared, published, later, names);
      }
      case Step.Publish publish -> new WriterFiles(own, shared, number, blocks, names);
      case Step.PublishShared publish -> this;
      case Step.Create create -> renamed("", create.name());
      case Step.Rename rename -> renamed(rename.from(), rename.to());
      case Step.Remove remove -> renamed(remove.name(), "");
    };
  }

  private WriterFiles renamed(String from, String to) {
    Set<String> later = new HashSet<>(names);
    later.remove(from);
    if (!to.isEmpty()) {
      later.add(to);
    }
    return new WriterFiles(own, shared, published, blocks, later);
  }
}
