package io.strata.cli.command;

import io.strata.cli.demo.DemoRun;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "demo",
    description =
        "Show that nothing is lost: make a volume, mount it, unpack several thousand files, "
            + "rename, append, link, run SQLite and git, kill the daemon while files are written "
            + "and synced, mount again, compare every byte, and check. Cleans up after itself. "
            + "Fails if any check does.",
    footer = {
      "  strata demo",
      "  strata demo --files=20000",
      "  strata demo --library --json",
      "  strata demo s3://bucket/empty-prefix?endpoint=http://localhost:9000&path-style=true"
    })
final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = "Where to make the volume, which is left there (default: a temporary folder).")
  private @Nullable String url;

  @Option(
      names = "--files",
      paramLabel = "N",
      description = "Unpack at most so many files (default 6000).")
  private int files = 6000;

  @Option(names = "--library", description = "Do not mount: use the library.")
  private boolean library;

  @Option(names = "--keep", description = "Leave the volume and the logs in the temporary folder.")
  private boolean keep;

  @Mixin private JsonOption json = new JsonOption();

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String normal = url == null ? null : VolumeUrl.normal(url);
    boolean passed =
        new DemoRun(normal, files, library, keep, json.given())
            .run(terminal.out(), terminal.err());
    return passed ? ExitStatus.OK : ExitStatus.FAILED;
  }
}
