package io.strata.cli.output;

import java.io.PrintWriter;

/** Something that a command found out, for people and for programs. Both forms say the same. */
public interface Printable extends JsonValue {
  /** Writes lines for people. */
  void text(PrintWriter out);
}
