package io.strata.tests.bench;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process of this program, which one talks with in lines. Confined to one thread. */
final class DaemonProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  /** Starts the {@code main} of a class. */
  DaemonProcess(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /**
   * What it uses.
   *
   * @param descriptors that are open
   * @param threads of the platform
   * @param heapBytes after a collection
   */
  record Use(long descriptors, long threads, long heapBytes) {}

  String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the process has ended");
    }
    return line;
  }

  Use use() throws IOException {
    ping();
    String[] numbers = line().split(" ", -1);
    return new Use(
        Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]));
  }

  /** Sends a line with nothing in it. */
  void ping() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** One byte there and one back. */
  void pingPong() throws IOException {
    ping();
    if (process.getInputStream().read() < 0) {
      throw new IOException("the process has ended");
    }
  }

  /** Lets it end. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** What {@link #pingPong} talks with: gives each byte back. */
  static final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws IOException {
      FileOutputStream out = new FileOutputStream(FileDescriptor.out);
      FileInputStream in = new FileInputStream(FileDescriptor.in);
      int next = in.read();
      while (next >= 0) {
        out.write(next);
        next = in.read();
      }
    }
  }
}
