package io.strata.cli.command;

import io.strata.cli.option.JsonOption;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.Output;
import io.strata.cli.output.ProgressLine;
import io.strata.cli.volume.DumpResult;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.dump.Dump;
import io.strata.fsck.dump.DumpReport;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dump",
    description =
        "Write a volume's metadata as lines of JSON: its files, names, attributes, and where their "
            + "bytes are; not the bytes. The volume may be in use. The last line says that the "
            + "dump is whole. strata load makes the volume of it again.",
    footer = {
      "  strata dump -o home.dump s3://bucket/home",
      "  strata dump s3://bucket/home before-upgrade | zstd > home.dump.zst",
      "  strata dump file:/srv/volumes/a | jq -r 'select(.type == \"name\").name'"
    })
final class DumpCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(index = "0", paramLabel = "URL", description = "The volume.")
  private String url = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "STATE",
      description =
          "A state that is kept: a snapshot's name, a head's number, or a time"
              + " (2026-01-31T12:00:00Z). The present if it is left out.")
  private @Nullable String state;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; replaced when the dump is whole (default: standard output).")
  private @Nullable Path output;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where tables go that outgrow memory (default /var/tmp).")
  private Path scratch = Path.of("/var/tmp");

  @Mixin private JsonOption json = new JsonOption();

  DumpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Platform platform = SystemPlatform.create();
    try (StoreConnection connection =
        StoreConnection.open(VolumeUrl.normal(url), VolumeSession.PATIENCE, platform)) {
      if (output == null) {
        // Not closed: it is the process's.
        write(connection, new BufferedOutputStream(terminal.bytes(), 1 << 16), platform);
      } else {
        DumpReport report = writeFile(connection, output, platform);
        Output.print(new DumpResult(report, output), json.given(), terminal.out());
      }
    }
    return ExitStatus.OK;
  }

  private DumpReport writeFile(StoreConnection connection, Path file, Platform platform)
      throws IOException, InterruptedException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try (FileChannel channel =
            FileChannel.open(
                part,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
      DumpReport report = write(connection, out, platform);
      channel.force(true);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return report;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private DumpReport write(StoreConnection connection, OutputStream out, Platform platform)
      throws IOException, InterruptedException {
    ProgressLine progress = ProgressLine.of(terminal.err(), platform.clock());
    FsckOptions options =
        FsckOptions.DEFAULT.withTables(scratch, FsckOptions.DEFAULT.tableBytesMax());
    try {
      return Dump.write(
          connection.store(),
          state,
          out,
          options,
          lines -> progress.going(Amounts.count(lines) + " lines"),
          platform);
    } finally {
      progress.clear();
    }
  }
}
