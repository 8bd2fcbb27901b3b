package io.strata.cli.command;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A command that was run within this process.
 *
 * @param status what it would have exited with
 * @param out what it printed
 * @param err what it complained of
 */
record Run(int status, String out, String err) {
  static Run of(String... args) {
    return of(Map.of(), args);
  }

  static Run of(Map<String, String> variables, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal = Terminal.of(out, err, variables);
    int status = CommandTree.run(terminal, args);
    terminal.out().flush();
    terminal.err().flush();
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
