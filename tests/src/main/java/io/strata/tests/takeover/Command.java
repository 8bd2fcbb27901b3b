package io.strata.tests.takeover;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Programs that run to their end, one at a time, started by a shell that has no files open on any
 * mount. What this program starts itself has them for a moment and closes them, and that waits for
 * the daemon behind the mount: the one to wake it up would sleep with it.
 */
final class Command {
  /** Begins the line with the exit status; no program here prints it. */
  private static final char END = '\036';

  /** Signals that end this program are not meant for the shell, which cleans up after it. */
  private static final String LOOP =
      "trap '' INT TERM HUP; while IFS= read -r line; do"
          + " (eval \"$line\") </dev/null 2>&1; printf '\\n\\036%d\\n' $?; done";

  private static final Command SHELL = new Command();

  private final Writer in;
  private final BufferedReader out;

  private Command() {
    try {
      Process shell = new ProcessBuilder("sh", "-c", LOOP).start();
      in = shell.outputWriter(StandardCharsets.UTF_8);
      out = shell.inputReader(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("there is no sh", e);
    }
  }

  /**
   * Runs one.
   *
   * @param line its name and arguments, without line ends in them
   * @return what it printed
   * @throws IOException if it fails, with what it printed
   */
  static String run(String... line) throws IOException {
    return SHELL.runNext(
        Arrays.stream(line).map(Command::quoted).collect(Collectors.joining(" ")));
  }

  private static String quoted(String argument) {
    return "'" + argument.replace("'", "'\\''") + "'";
  }

  private synchronized String runNext(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
    StringBuilder said = new StringBuilder();
    String next = out.readLine();
    while (next != null && (next.isEmpty() || next.charAt(0) != END)) {
      said.append(next).append('\n');
      next = out.readLine();
    }
    if (next == null) {
      throw new IOException(line + ": the shell has ended");
    }
    if (!next.equals(END + "0")) {
      throw new IOException(
          "%s: exit status %s: %s".formatted(line, next.substring(1), said.toString().strip()));
    }
    return said.toString();
  }
}
