package io.strata.cli.command;

import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeName;
import io.strata.cli.output.Output;
import io.strata.cli.volume.ScheduleReport;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "schedule",
    description =
        "Say by which rules snapshots of a volume are made and kept, by whichever daemon has it,"
            + " or tell what is said. The rules are the volume's and stay until they are changed."
            + " A daemon of this user that has the volume takes them at once; else the volume is"
            + " opened for a moment.",
    footer = {
      "  strata snapshot schedule /mnt 1h:24,1d:7",
      "  strata snapshot schedule s3://bucket/home",
      "  strata snapshot schedule --off s3://bucket/home"
    })
final class SnapshotScheduleCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private VolumeName volume = new VolumeName();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = ScheduleConverter.LABEL,
      converter = ScheduleConverter.class,
      description =
          "The rules: 1h:24,1d:7 makes one an hour, and keeps those of 24 hours and the first of"
              + " each of 7 days. The rules that there are, if left out.")
  private @Nullable ScheduleReport rules;

  @Option(names = "--off", description = "Make none any more; those that there are stay.")
  private boolean off;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private OpeningOptions opening = new OpeningOptions();

  SnapshotScheduleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, Failure {
    if (off && rules != null) {
      throw new Failure(ExitStatus.USAGE, "rules and --off exclude each other");
    }
    ScheduleReport wanted = off ? new ScheduleReport(List.of()) : rules;
    ScheduleReport now;
    if (wanted == null) {
      String url = new RunningVolumes(terminal).url(volume.given());
      now = new ScheduleReport(VolumeHistory.read(url).newest().schedule());
    } else {
      now =
          new OwnerTask(terminal, volume.given(), opening)
              .run(
                  new ControlRequest.Schedule(wanted.toString()),
                  ScheduleReport::of,
                  owned -> {
                    owned.snapshots().schedule(wanted.rules());
                    return wanted;
                  });
    }
    Output.print(now, json.given(), terminal.out());
    return ExitStatus.OK;
  }
}
