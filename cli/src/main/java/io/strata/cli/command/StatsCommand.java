package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.TimeConverter;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.JsonTree;
import io.strata.cli.stats.StatisticsView;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "stats",
    description =
        "Tell what a mounted volume's daemon has done: operations, caches, dirty data, "
            + "requests to the store; once, or live with the changes from one time to the next.",
    footer = {
      "  strata stats /mnt",
      "  strata stats --watch=1s /mnt",
      "  strata stats --json file:/srv/volumes/a"
    })
final class StatsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Option(
      names = "--watch",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Tell it again and again until interrupted.")
  private @Nullable Duration interval;

  @Mixin private JsonOption json = new JsonOption();

  StatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, Failure {
    try (ControlClient daemon = new RunningVolumes(terminal).connect(volume.given())) {
      JsonTree before = show(daemon, null);
      while (interval != null) {
        Thread.sleep(interval);
        before = show(daemon, before);
      }
    }
    return ExitStatus.OK;
  }

  private JsonTree show(ControlClient daemon, @Nullable JsonTree before) throws IOException {
    String line = daemon.askForLine(new ControlRequest.Statistics());
    JsonTree now = JsonTree.parse(line);
    if (json.given()) {
      terminal.out().println(line);
    } else {
      if (before != null) {
        terminal.out().println();
      }
      new StatisticsView(now, before).print(terminal.out());
    }
    terminal.out().flush();
    return now;
  }
}
