package io.strata.btree.format;

import java.io.IOException;

/** Bytes are not a page as {@link PageCodec} specifies it; the message says in what. */
public final class MalformedPage extends IOException {
  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * @param what is wrong, about the page as "it"
   */
  public MalformedPage(String what) {
    super(what);
    this.what = what;
  }

  /** What is wrong, about the page as "it". */
  public String what() {
    return what;
  }
}
