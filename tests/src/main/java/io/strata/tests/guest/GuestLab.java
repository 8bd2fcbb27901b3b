package io.strata.tests.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place for guests and what serves them. Closing it kills all that was started; logs stay in
 * {@code tests/target/guest} until the lab of that name opens again.
 */
public final class GuestLab implements AutoCloseable {
  private final Path tests;
  private final GuestImage image;
  private final Path logs;
  private final Path runtime;
  private final List<Server> servers = new ArrayList<>();
  private final List<Guest> guests = new ArrayList<>();
  private final Thread atExit = new Thread(this::killAll, "guest-lab-exit");

  private GuestLab(Path tests, GuestImage image, Path logs, Path runtime) {
    this.tests = tests;
    this.image = image;
    this.logs = logs;
    this.runtime = runtime;
  }

  /**
   * Opens a lab; makes the image that its guests boot from.
   *
   * @param tests the folder of the tests
   * @param name names the folder of its logs
   */
  public static GuestLab open(Path tests, String name) throws IOException, InterruptedException {
    Path absolute = tests.toAbsolutePath().normalize();
    GuestImage image = GuestImage.make(absolute);
    Path logs = absolute.resolve("target/guest").resolve(name);
    delete(logs);
    GuestLab lab =
        new GuestLab(
            absolute,
            image,
            Files.createDirectories(logs),
            Files.createTempDirectory("strata-guest-"));
    Runtime.getRuntime().addShutdownHook(lab.atExit);
    return lab;
  }

  /** A folder for this lab alone, deleted when it closes. */
  public Path folder(String name) throws IOException {
    return Files.createDirectories(runtime.resolve(name));
  }

  /** Where this lab's logs go. */
  public Path logs() {
    return logs;
  }

  /** {@code strata serve} on a volume. */
  public BackEnd strata(String volume, String... options) throws IOException {
    return BackEnd.strata(tests, volume, folder("control"), options);
  }

  /** Runs a command of {@code strata} that must do well, beside what is served here. */
  public void command(String... arguments) throws IOException, InterruptedException {
    Path log = logs.resolve("commands.log");
    Process process =
        BackEnd.process(tests, folder("control"), List.of(arguments))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", arguments) + ": " + Files.readString(log));
    }
  }

  /** Starts a back end with so many sockets. */
  public Server serve(BackEnd backEnd, int sockets) throws IOException, InterruptedException {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < sockets; i++) {
      paths.add(runtime.resolve(backEnd.name() + "-" + i));
    }
    Server server = backEnd.start(paths, logs.resolve(backEnd.name() + ".log"));
    servers.add(server);
    return server;
  }

  /** Boots a guest. */
  public Guest boot(GuestSpec spec) throws IOException {
    Guest guest = Guest.boot(image, spec, logs, runtime);
    guests.add(guest);
    return guest;
  }

  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    killAll();
    delete(runtime);
  }

  private void killAll() {
    try {
      for (Guest guest : guests) {
        guest.kill();
      }
      for (Server server : servers) {
        server.kill();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("a process of the lab may be left", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
