package io.strata.cli.command;

import io.strata.cli.files.CopyOut;
import io.strata.cli.option.AtOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.FsException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "get",
    description = "Copy a file or a tree out of a volume, mounted or not.",
    footer = {
      "  strata get file:/srv/volumes/a etc/motd /tmp/motd",
      "  strata get --recursive s3://bucket/home /me /tmp/me",
      "  strata get --recursive --at=monday s3://bucket/home /me /tmp/me"
    })
final class GetCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(index = "1", paramLabel = "PATH", description = "A file or directory in it.")
  private String path = "";

  @Parameters(
      index = "2",
      paramLabel = "LOCAL",
      description = "Where the copy is to be; a file that is there is replaced.")
  private Path local = Path.of("");

  @Option(
      names = {"-r", "--recursive"},
      description = "Copy a directory with all that is in it.")
  private boolean recursive;

  @Mixin private AtOption at = new AtOption();

  @Override
  public Integer call() throws IOException, FsException {
    try (VolumeSession session = VolumeSession.view(VolumeUrl.normal(url), at.given())) {
      new CopyOut(session.files(), recursive).copy(path, local);
    }
    return ExitStatus.OK;
  }
}
