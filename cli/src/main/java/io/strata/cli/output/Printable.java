package io.strata.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** Something that a command found out, in both forms. The two say the same. */
public interface Printable {
  /** Writes lines for people. */
  void text(PrintWriter out);

  /** Writes one JSON value. Sizes are in bytes, times in ISO 8601, lengths of time in seconds. */
  void json(JsonGenerator out) throws IOException;
}
