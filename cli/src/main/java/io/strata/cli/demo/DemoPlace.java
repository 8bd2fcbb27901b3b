package io.strata.cli.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where the demo keeps its things.
 *
 * @param folder a new folder of its own
 * @param url of the volume, in the folder if the user named no other
 */
record DemoPlace(Path folder, String url) {
  /**
   * Makes the folder.
   *
   * @param url of the volume; null for one in the folder
   */
  static DemoPlace make(@Nullable String url) throws IOException {
    Path folder = Files.createTempDirectory("strata-demo-");
    DemoPlace place = new DemoPlace(folder, url == null ? "file:" + folder + "/bucket" : url);
    Files.createDirectory(place.mountPoint());
    return place;
  }

  Path mountPoint() {
    return folder.resolve("mnt");
  }

  Path runtime() {
    return folder.resolve("run");
  }

  Path manifest() {
    return folder.resolve("SHA256SUMS");
  }

  Path log() {
    return folder.resolve("log");
  }

  /** Removes the folder with all that is in it. The volume must be mounted no more. */
  void remove() throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
