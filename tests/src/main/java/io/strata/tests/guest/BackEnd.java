package io.strata.tests.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How to start something that serves guests.
 *
 * @param name what figures and logs call it
 * @param command its command line, without sockets
 * @param socketOption the option before each socket
 * @param environment more of the environment
 */
public record BackEnd(
    String name, List<String> command, String socketOption, Map<String, String> environment) {
  /** Where Debian keeps QEMU's own back end. */
  static final Path VIRTIOFSD = Path.of("/usr/lib/qemu/virtiofsd");

  public BackEnd {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /**
   * QEMU's own back end, for one guest.
   *
   * @param folder the local folder that it serves
   * @param options more for its command line
   */
  public static BackEnd virtiofsd(Path folder, String... options) {
    List<String> command = new ArrayList<>(List.of(VIRTIOFSD.toString(), "-o", "source=" + folder));
    command.addAll(List.of("-o", "xattr"));
    command.addAll(List.of(options));
    return new BackEnd("virtiofsd", command, "--socket-path", Map.of());
  }

  /**
   * {@code strata serve}, for any number of guests.
   *
   * @param tests the folder of the tests; the command is beside it
   * @param volume the volume's URL
   * @param runtime where its control socket goes
   * @param options more for its command line
   */
  public static BackEnd strata(Path tests, String volume, Path runtime, String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve", "--volume", volume));
    arguments.addAll(List.of(options));
    ProcessBuilder process = process(tests, runtime, arguments);
    return new BackEnd("strata", process.command(), "--socket", process.environment());
  }

  /** {@code strata} with some arguments, beside daemons whose control sockets are in a folder. */
  static ProcessBuilder process(Path tests, Path runtime, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(tests.resolveSibling("strata").toString()));
    command.addAll(arguments);
    ProcessBuilder process = new ProcessBuilder(command);
    process.environment().put("STRATA_NO_BUILD", "1");
    process.environment().put("STRATA_RUNTIME_DIR", runtime.toString());
    return process;
  }

  /**
   * Starts it. Returns once it listens on all of its sockets.
   *
   * @param log where its output goes, after what is there
   */
  public Server start(List<Path> sockets, Path log) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(command);
    for (Path socket : sockets) {
      line.add(socketOption + "=" + socket);
    }
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    Server server = new Server(builder.start(), sockets, log);
    try {
      server.awaitSockets();
    } catch (IOException | InterruptedException e) {
      server.kill();
      throw e;
    }
    return server;
  }
}
