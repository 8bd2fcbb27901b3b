package io.strata.cli.command;

import io.strata.cli.files.Entry;
import io.strata.cli.files.FileList;
import io.strata.cli.files.VolumeFiles;
import io.strata.cli.option.AtOption;
import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Output;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.Attributes;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileType;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ls",
    description = "List files of a volume, mounted or not, as they are in its bucket.",
    footer = {
      "  strata ls file:/srv/volumes/a",
      "  strata ls -l file:/srv/volumes/a home/me",
      "  strata ls --json s3://bucket/home /",
      "  strata ls --at=before-upgrade file:/srv/volumes/a etc"
    })
final class LsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      description = "A directory or file in it; the root if left out.")
  private String path = "/";

  @Option(
      names = {"-l", "--long"},
      description = "Tell mode, names, owner, size and time too.")
  private boolean detailed;

  @Mixin private AtOption at = new AtOption();

  @Mixin private JsonOption json = new JsonOption();

  LsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, FsException {
    try (VolumeSession session = VolumeSession.view(VolumeUrl.normal(url), at.given())) {
      Output.print(new FileList(entries(session.files()), detailed), json.given(), terminal.out());
    }
    return ExitStatus.OK;
  }

  private List<Entry> entries(VolumeFiles files) throws FsException {
    Attributes attributes = files.find(path);
    return attributes.type() == FileType.DIRECTORY
        ? files.list(path)
        : List.of(new Entry(path, attributes));
  }
}
