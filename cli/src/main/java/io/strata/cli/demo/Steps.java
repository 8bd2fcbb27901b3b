package io.strata.cli.demo;

import java.util.List;
import java.util.Set;

/** What the demo does before it crashes, in order. */
final class Steps {
  /** Names at the root whose bytes programs of their own decide on, and check. */
  static final Set<String> NOT_IN_MANIFEST = Set.of(SqliteStep.ROOT, GitStep.ROOT, Journal.ROOT);

  /** One file of the source in so many goes into the git repository too. */
  private static final int GIT_FRACTION = 20;

  private Steps() {}

  static List<Step> all(Source source, int filesMax) {
    return List.of(
        new UnpackStep(source, filesMax),
        new RenameStep(),
        new AppendStep(),
        new LinkStep(),
        new SqliteStep(),
        new GitStep(source, filesMax / GIT_FRACTION));
  }
}
