package io.strata.cli.command;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command above all commands: options that every one of them has. */
@Command(
    name = "strata",
    description = "A POSIX filesystem whose only home is a bucket.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  strata format file:/srv/volumes/a",
      "  strata mount file:/srv/volumes/a /mnt",
      "  strata umount /mnt",
      "  strata demo",
      "",
      "A volume is named by a URL:",
      "  file:/srv/volumes/a                     a folder of this machine",
      "  s3://bucket/prefix                      Amazon S3",
      "  s3://bucket/prefix?endpoint=http://host:9000&region=us-east-1&path-style=true",
      "",
      "An option --some-name can also be set as STRATA_SOME_NAME in the environment, or as",
      "some-name (for one command alone: mount.some-name) in the file that --config or",
      "STRATA_CONFIG names. The command line is stronger than the environment, and that than",
      "the file."
    })
final class StrataCommand {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Log what is done; show the stack trace of a failure.")
  private boolean verbose;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Read options that are not given here from FILE.")
  @SuppressWarnings("UnusedVariable") // Settings looks for it before anything is parsed
  private @Nullable Path config;

  /** Whether {@code --verbose} was given, before or after the command's name. */
  boolean verbose() {
    return verbose;
  }
}
