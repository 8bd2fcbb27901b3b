package io.strata.cli.mounting;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts this program again as a daemon and waits until that is ready.
 *
 * <p>The daemon's standard output is a pipe to us, on which it writes a line: {@link #READY}; or
 * {@link #WAITS} and for what, if it is ready to be a standby; or {@link #FAILED}, a status and why.
 * Before that it may write lines of {@link #SAYS} and something for the user. Its standard error is
 * its log.
 */
public final class BackgroundStart {
  private static final String READY = "ready";
  private static final String FAILED = "failed";
  private static final String SAYS = "says";
  private static final String WAITS = "waits";

  private BackgroundStart() {}

  /**
   * How a daemon's start ended.
   *
   * @param pid its process
   * @param status 0, or the exit status that goes with {@code error}
   * @param error why it is not ready; null if it is
   */
  public record Outcome(long pid, int status, @Nullable String error) {}

  /** The line by which a daemon says that it is ready. */
  public static String readyLine() {
    return READY;
  }

  /** The line by which it tells the user something before it is ready. */
  public static String saysLine(String text) {
    return SAYS + " " + text;
  }

  /** The line by which it says that it stands by, which may take as long as it likes. */
  public static String waitsLine(String text) {
    return WAITS + " " + text;
  }

  /** The line by which it says that it will not be. */
  public static String failedLine(int status, String error) {
    return FAILED + " " + status + " " + error;
  }

  /**
   * Starts it in a session of its own, so that no terminal's hang-up reaches it.
   *
   * @param arguments of {@code strata}
   * @param log is appended to
   * @param user is told what the daemon says meanwhile
   */
  public static Outcome start(List<String> arguments, Path log, Consumer<String> user)
      throws IOException, InterruptedException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    List<String> command = new ArrayList<>();
    command.add("setsid");
    command.addAll(OwnCommand.line());
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      while (line != null && line.startsWith(SAYS + " ")) {
        user.accept(line.substring(SAYS.length() + 1));
        line = out.readLine();
      }
      if (line != null && line.startsWith(WAITS + " ")) {
        user.accept(line.substring(WAITS.length() + 1));
        return new Outcome(process.pid(), 0, null);
      }
      if (READY.equals(line)) {
        return new Outcome(process.pid(), 0, null);
      }
      if (line != null && line.startsWith(FAILED + " ")) {
        String[] words = line.split(" ", 3);
        return new Outcome(process.pid(), Integer.parseInt(words[1]), words[2]);
      }
      int status = process.waitFor();
      return new Outcome(
          process.pid(), 1, "the daemon ended with status %d; see %s".formatted(status, log));
    }
  }
}
