package io.strata.cli.demo;

import java.util.List;

/**
 * What came of a check.
 *
 * @param what the sentence that is true if it passed
 * @param problems a line for each thing that is wrong; none if it passed
 */
record Verdict(String what, List<String> problems) {
  Verdict {
    problems = List.copyOf(problems);
  }

  boolean passed() {
    return problems.isEmpty();
  }
}
