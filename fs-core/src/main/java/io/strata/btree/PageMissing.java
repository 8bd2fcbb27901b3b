package io.strata.btree;

/** Stand-in: an operation needs a page that is not in memory. */
public final class PageMissing extends Exception {
  private static final long serialVersionUID = 1L;

  PageMissing() {
    super("", null, false, false);
  }
}
