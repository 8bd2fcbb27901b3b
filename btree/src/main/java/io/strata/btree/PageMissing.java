package io.strata.btree;

import java.io.IOException;

/**
 * An operation needs a page that is not in memory. It has changed nothing; leave the lock, {@link
 * #load} and start it again. Has no stack trace: it is a matter of course.
 */
public final class PageMissing extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient PageLoader loader;
  private final transient PageRun run;

  PageMissing(PageLoader loader, PageRun run) {
    super("", null, false, false);
    this.loader = loader;
    this.run = run;
  }

  /** Which page is missing. */
  public PageAddress address() {
    return run.pages().getFirst().address();
  }

  @Override
  public String getMessage() {
    return "tree page " + address() + " is not in memory";
  }

  /**
   * Reads the page and puts it into the tree, unless that has happened meanwhile. To be called
   * without any lock; threads that miss the same page share one read.
   *
   * @throws DamagedPage if what the source has is not the page
   * @throws IOException if the source cannot be read
   */
  public void load() throws IOException {
    loader.load(run);
  }
}
