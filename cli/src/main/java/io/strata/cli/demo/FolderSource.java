package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files below a folder, in the order of their paths. */
record FolderSource(Path folder) implements Source {
  @Override
  public String description() {
    return folder.toString();
  }

  @Override
  public void forEachFile(int filesMax, Sink sink) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files =
          all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .sorted()
              .toList();
    }
    int taken = 0;
    for (Path file : files) {
      if (taken == filesMax) {
        break;
      }
      if (Files.size(file) <= FILE_BYTES_MAX) {
        sink.file(folder.relativize(file).toString(), Files.readAllBytes(file));
        taken++;
      }
    }
  }
}
