package io.strata.cli.command;

import io.strata.cli.files.CopyIn;
import io.strata.cli.option.OpeningOptions;
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
    name = "put",
    description =
        "Copy a file or a tree into a volume that is not mounted. A file is there with all "
            + "its bytes or not at all; all is durable when this returns.",
    footer = {
      "  strata put file:/srv/volumes/a /etc/motd etc/motd",
      "  strata put --recursive s3://bucket/home /home/me /me"
    })
final class PutCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(index = "1", paramLabel = "LOCAL", description = "A file or directory to copy.")
  private Path local = Path.of("");

  @Parameters(
      index = "2",
      paramLabel = "PATH",
      description = "Where the copy is to be in the volume; a file that is there is replaced.")
  private String path = "";

  @Option(
      names = {"-r", "--recursive"},
      description = "Copy a directory with all that is in it.")
  private boolean recursive;

  @Mixin private OpeningOptions opening = new OpeningOptions();

  @Override
  public Integer call() throws IOException, FsException {
    try (VolumeSession session =
        VolumeSession.open(
            VolumeUrl.normal(url),
            opening.toOptions(false, Runtime.getRuntime().maxMemory()),
            VolumeSession.PATIENCE)) {
      new CopyIn(session.files(), recursive).copy(local, path);
      session.files().sync();
    }
    return ExitStatus.OK;
  }
}
