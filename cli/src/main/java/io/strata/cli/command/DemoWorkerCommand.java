package io.strata.cli.command;

import io.strata.cli.demo.DemoWorker;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.OpenOptions;
import io.strata.platform.Clock;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The process that {@code strata demo} starts to work on its volume. */
@Command(
    name = "demo-worker",
    hidden = true,
    description = "Work on the volume of strata demo.",
    footer = "  strata demo-worker --files=100 --manifest=/tmp/SHA256SUMS --directory=/mnt")
final class DemoWorkerCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(names = "--files", description = "How many files to unpack.")
  private int files;

  @Option(names = "--manifest", required = true, description = "Where to note what is written.")
  private Path manifest = Path.of("");

  @Option(names = "--directory", description = "Where the volume is mounted.")
  private @Nullable Path directory;

  @Option(names = "--url", description = "The volume to open, if it is not mounted.")
  private String url = "";

  DemoWorkerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path mounted = directory;
    if (mounted != null) {
      Clock clock = SystemPlatform.create().clock();
      DemoWorker.onMount(mounted, clock).run(files, manifest, System.in, terminal.out());
      return ExitStatus.FAILED;
    }
    OpenOptions options = OpenOptions.DEFAULT;
    try (VolumeSession session =
        VolumeSession.open(VolumeUrl.normal(url), options, VolumeSession.PATIENCE)) {
      DemoWorker.onVolume(session).run(files, manifest, System.in, terminal.out());
    }
    return ExitStatus.FAILED;
  }
}
