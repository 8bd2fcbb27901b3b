package io.strata.cli.command;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command gets from the process that runs it.
 *
 * @param bytes standard output
 * @param out the same for text; commands use one or the other
 * @param err for what went wrong, and for progress
 * @param variables the environment
 */
record Terminal(
    OutputStream bytes, PrintWriter out, PrintWriter err, Map<String, String> variables) {
  /** Text in UTF-8, whatever the locale: what a volume holds must not depend on it. */
  static Terminal of(OutputStream out, OutputStream err, Map<String, String> variables) {
    return new Terminal(
        out,
        new PrintWriter(out, false, StandardCharsets.UTF_8),
        new PrintWriter(err, false, StandardCharsets.UTF_8),
        variables);
  }
}
