package io.strata.cli.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The files in an archive, in its order. */
record ZipSource(Path archive) implements Source {
  @Override
  public String description() {
    return archive.toString();
  }

  @Override
  public void forEachFile(int filesMax, Sink sink) throws IOException {
    try (ZipInputStream in =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      int files = 0;
      for (ZipEntry entry = in.getNextEntry();
          entry != null && files < filesMax;
          entry = in.getNextEntry()) {
        if (!entry.isDirectory() && entry.getSize() <= FILE_BYTES_MAX) {
          sink.file(entry.getName(), in.readAllBytes());
          files++;
        }
      }
    }
  }
}
