package io.strata.btree;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stored page is not what was written: nothing of it may be used. */
public final class DamagedPage extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient PageAddress address;

  /**
   * @param what is wrong, to follow "is damaged: "
   */
  public DamagedPage(PageAddress address, String what, @Nullable Throwable cause) {
    super("tree page " + address + " is damaged: " + what, cause);
    this.address = address;
  }

  /** Which page. */
  public PageAddress address() {
    return address;
  }
}
