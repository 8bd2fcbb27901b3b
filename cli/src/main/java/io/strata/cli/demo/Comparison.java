package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares the volume after the crash with what must be there.
 *
 * @param tree the volume
 * @param steps what was done before the crash
 * @param recorder takes the verdicts
 */
record Comparison(DemoTree tree, List<Step> steps, Recorder recorder) {
  /** Every acknowledged record. */
  void compareJournals(Acknowledged acknowledged) throws IOException {
    List<String> problems = new ArrayList<>();
    for (int number = 0; number < Journal.COUNT; number++) {
      Journal journal = new Journal(number);
      Optional<String> problem = journal.check(tree, acknowledged.of(journal));
      problem.ifPresent(problems::add);
    }
    recorder.add(
        new Verdict(
            "every byte of %d acknowledged records is there".formatted(acknowledged.total()),
            problems));
  }

  /**
   * Every name, and every file's checksum.
   *
   * @return how many files there are
   */
  int compareFiles(Path manifestFile) throws IOException {
    Manifest manifest = Manifest.load(manifestFile);
    long[] done = new long[1];
    List<String> differences =
        manifest.differences(
            tree, Steps.NOT_IN_MANIFEST, all -> recorder.going("compare", ++done[0], all));
    int files = manifest.checksums().size();
    recorder.add(
        new Verdict(
            "%d files have the names and checksums they should".formatted(files), differences));
    return files;
  }

  /** What only each step knows how to look at. */
  void verifySteps() throws IOException {
    for (Step step : steps) {
      if (step.possible(tree)) {
        step.verify(tree).ifPresent(recorder::add);
      }
    }
  }
}
