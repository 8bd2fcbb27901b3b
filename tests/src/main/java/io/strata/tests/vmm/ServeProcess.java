package io.strata.tests.vmm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@code strata serve} in a process of its own. Confined to one thread. */
public final class ServeProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ServeProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one; it may take a while until it listens.
   *
   * @param log where its output goes, behind what is there
   * @param arguments of {@code strata serve}
   */
  public static ServeProcess start(Path log, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("serve"));
    all.addAll(List.of(arguments));
    return new ServeProcess(strata(log, all), log);
  }

  /** Runs any command to its end and returns its exit status. */
  public static int run(Path log, String... arguments) throws IOException, InterruptedException {
    return strata(log, List.of(arguments)).waitFor();
  }

  private static Process strata(Path log, List<String> arguments) throws IOException {
    // Where tests run, the class path is behind a jar that only names it.
    String path = System.getProperty("surefire.test.class.path");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                path == null ? System.getProperty("java.class.path") : path,
                "io.strata.cli.Main"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** The process. */
  public ProcessHandle handle() {
    return process.toHandle();
  }

  /** Ends it by SIGKILL, and returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to end by SIGTERM and returns its exit status. */
  public int stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("it does not end; its log is " + log);
    }
    return process.exitValue();
  }

  /** What it said. */
  public String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
