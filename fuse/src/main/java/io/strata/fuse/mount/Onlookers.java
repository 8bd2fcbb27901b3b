package io.strata.fuse.mount;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that see a mount which is unmounted here, because they are in mount namespaces of their
 * own, as in containers: these got a copy of it when they were made.
 */
final class Onlookers {
  private static final Logger LOG = LoggerFactory.getLogger(Onlookers.class);
  private static final Path PROCESSES = Path.of("/proc");
  private static final int NAMED_MAX = 3;

  private Onlookers() {}

  /** Some of those who see the mount with this number, for people; empty if none is known. */
  static String of(String device) {
    List<String> found = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
      for (Path process : processes) {
        if (found.size() < NAMED_MAX && sees(process, device)) {
          found.add("process %s (%s)".formatted(process.getFileName(), name(process)));
        }
      }
    } catch (IOException e) {
      LOG.debug("processes cannot be listed", e);
    }
    return String.join(", ", found);
  }

  private static boolean sees(Path process, String device) {
    try {
      return MountTable.read(process.resolve("mountinfo")).entries().stream()
          .anyMatch(entry -> entry.type().equals(Mounter.TYPE) && entry.device().equals(device));
    } catch (IOException e) {
      LOG.trace("{} has ended, or is none of ours", process, e);
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      LOG.trace("{} has ended", process, e);
      return "ended";
    }
  }
}
