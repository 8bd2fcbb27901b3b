package io.strata.cli.command;

import io.strata.cli.rehearsal.Rehearsal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/**
 * Loads the classes that commands use and runs what a mount does most, for the launcher to make its
 * ahead-of-time cache from.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Run harmless commands, so that the launcher can make its cache.",
    footer = "  strata rehearse")
final class RehearseCommand implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(RehearseCommand.class);
  private static final String VOLUME = "mem:rehearsal";

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("version"),
          List.of("version", "--json"),
          List.of("--help"),
          List.of("unknown"),
          List.of("format", VOLUME),
          List.of("put", VOLUME, "/proc/self/cmdline", "file"),
          List.of("ls", "-l", VOLUME),
          List.of("cat", VOLUME, "file"),
          List.of("info", "--json", VOLUME),
          List.of("checkpoint", "list", VOLUME),
          List.of("fsck", "--data", VOLUME),
          List.of("serve", "--print-capabilities"));

  @Override
  public void run() {
    Terminal nowhere =
        Terminal.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), Map.of());
    for (List<String> command : COMMANDS) {
      CommandTree.run(nowhere, command.toArray(String[]::new));
    }
    try {
      Rehearsal.run(VOLUME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // This process ends with this command, and talks to nobody but itself.
    System.setProperty("aws.accessKeyId", "rehearsal");
    System.setProperty("aws.secretAccessKey", "rehearsal");
    try {
      Rehearsal.runOnS3();
    } catch (IOException e) {
      // An unreadable AWS_CA_BUNDLE, perhaps. The cache is of use without it.
      LOG.warn("rehearsed without S3: {}", e.getMessage());
    }
  }
}
