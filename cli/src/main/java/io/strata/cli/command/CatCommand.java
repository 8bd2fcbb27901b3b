package io.strata.cli.command;

import io.strata.cli.files.VolumeInput;
import io.strata.cli.option.AtOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FsException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cat",
    description = "Write files of a volume, mounted or not, to standard output.",
    footer = {
      "  strata cat file:/srv/volumes/a etc/motd",
      "  strata cat s3://bucket/home /logs/1 /logs/2 > both",
      "  strata cat --at=2026-01-31T12:00:00Z s3://bucket/home /notes"
    })
final class CatCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "Files in it.")
  private List<String> paths = List.of();

  @Mixin private AtOption at = new AtOption();

  CatCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, FsException {
    try (VolumeSession session = VolumeSession.view(VolumeUrl.normal(url), at.given())) {
      for (String path : paths) {
        try (VolumeInput in = session.files().read(path)) {
          in.transferTo(terminal.bytes());
        }
      }
    }
    terminal.bytes().flush();
    return ExitStatus.OK;
  }
}
