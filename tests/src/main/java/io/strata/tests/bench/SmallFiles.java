package io.strata.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes files of 4 KiB, a hundred a directory; stats, reads, renames and removes them. */
final class SmallFiles implements MountWorkload.Phase {
  private static final int BYTES = 4096;
  private static final int FILES_A_DIRECTORY = 100;

  private final int files;
  private final byte[] content = new byte[BYTES];

  SmallFiles(int files) {
    this.files = files;
    new Random(1).nextBytes(content);
  }

  /** What is done to one file. */
  @FunctionalInterface
  private interface Act {
    void on(Path file) throws IOException;
  }

  @Override
  public void run(Target target, Figures figures) throws IOException {
    Path home = Files.createDirectory(target.directory().resolve("small"));
    List<Path> directories = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < files; i++) {
      if (i % FILES_A_DIRECTORY == 0) {
        directories.add(Files.createDirectory(home.resolve("d" + directories.size())));
      }
      paths.add(directories.getLast().resolve("file" + i));
    }
    each(
        figures,
        target,
        "create 4 KiB files",
        paths,
        file -> Files.write(file, content, StandardOpenOption.CREATE_NEW));
    each(figures, target, "stat", paths, file -> require(Files.size(file) == BYTES, file));
    // By names and attributes alone: data stays where it is cached, as it does after unpacking.
    Target.sh("echo 2 >/proc/sys/vm/drop_caches");
    each(
        figures, target, "stat, not cached", paths, file -> require(Files.size(file) == BYTES, file));
    each(
        figures,
        target,
        "read 4 KiB files",
        paths,
        file -> require(Files.readAllBytes(file).length == BYTES, file));
    each(figures, target, "rename", paths, file -> Files.move(file, renamed(file)));
    each(figures, target, "unlink", paths, file -> Files.delete(renamed(file)));
    for (Path directory : directories) {
      Files.delete(directory);
    }
    Files.delete(home);
  }

  private void each(Figures figures, Target target, String name, List<Path> paths, Act act)
      throws IOException {
    figures.measure(
        target.name(),
        name,
        "files/s",
        files,
        () -> {
          for (Path path : paths) {
            act.on(path);
          }
        });
  }

  private static void require(boolean asWritten, Path file) throws IOException {
    if (!asWritten) {
      throw new IOException(file + " has another size");
    }
  }

  private static Path renamed(Path file) {
    return file.resolveSibling(file.getFileName() + ".renamed");
  }
}
