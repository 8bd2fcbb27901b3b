package io.strata.fsck.dump;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A dump that cannot be loaded, or a state that cannot be dumped. Says where and why. */
public final class BadDump extends IOException {
  private static final long serialVersionUID = 1;

  private final long line;

  private BadDump(long line, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.line = line;
  }

  /** Something that no line is to blame for. */
  static BadDump of(String why) {
    return new BadDump(0, why, null);
  }

  /** A line of a dump is to blame. */
  static BadDump atLine(long line, String why) {
    return new BadDump(line, "line " + line + ": " + why, null);
  }

  /** A line of a dump is to blame, as something else says. */
  static BadDump atLine(long line, String why, Exception cause) {
    return new BadDump(line, "line " + line + ": " + why, cause);
  }

  /** The line, counted from 1; 0 for none. */
  public long line() {
    return line;
  }
}
