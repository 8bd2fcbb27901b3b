package io.strata.cli.command;

import io.strata.cli.doctor.DoctorReport;
import io.strata.cli.doctor.Examination;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.TimeConverter;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.url.StoreOptions;
import io.strata.store.url.Stores;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "doctor",
    description =
        "Try whether a store keeps the promises that volumes are built on, and how fast it "
            + "is. Objects for that are put under a prefix of their own and deleted again; a "
            + "volume that is there, mounted or not, is left alone. Status 5 if the store is not "
            + "fit.",
    footer = {
      "  strata doctor s3://bucket/prefix",
      "  strata doctor --json --time=5s 's3://bucket?endpoint=https://s3.example.org'",
      "  strata doctor --time=0s file:/srv/volumes"
    })
final class DoctorCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "URL", description = "The store; a volume need not be there.")
  private String url = "";

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long to measure each of 24 figures (default 500ms; 0s: measure nothing).")
  private Duration time = Duration.ofMillis(500);

  @Mixin private JsonOption json = new JsonOption();

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws StoreException, InterruptedException {
    Platform platform = SystemPlatform.create();
    try (ObjectStore store =
        Stores.open(VolumeUrl.normal(url), platform, StoreOptions.DEFAULT)) {
      Examination examination =
          new Examination(store, platform, time, step -> say("checking: " + step));
      DoctorReport report = examination.run();
      Output.print(report, json.given(), terminal.out());
      return report.fit() ? ExitStatus.OK : ExitStatus.STORE;
    }
  }

  private void say(String line) {
    if (!json.given()) {
      terminal.err().println(line);
      terminal.err().flush();
    }
  }
}
