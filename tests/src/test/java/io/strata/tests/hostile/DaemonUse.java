package io.strata.tests.hostile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a daemon holds of the system for its guests.
 *
 * @param descriptors how many of each kind that a front-end can make it open
 * @param guestMappings mappings of guest memory
 */
record DaemonUse(Map<String, Integer> descriptors, long guestMappings) {
  /** How the links in /proc begin. */
  private static final List<String> KINDS =
      List.of("anon_inode:[eventfd]", "socket:", "pipe:", "/memfd:", "/dev/null", "/dev/zero");

  boolean isNoMoreThan(DaemonUse other) {
    return guestMappings <= other.guestMappings
        && descriptors.entrySet().stream()
            .allMatch(kind -> kind.getValue() <= other.descriptors.getOrDefault(kind.getKey(), 0));
  }

  static DaemonUse of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    Map<String, Integer> counts = new TreeMap<>();
    try (var descriptors = Files.list(process.resolve("fd"));
        var mappings = Files.lines(process.resolve("maps"))) {
      for (Path descriptor : descriptors.toList()) {
        count(descriptor, counts);
      }
      return new DaemonUse(counts, mappings.filter(line -> line.contains("memfd:")).count());
    }
  }

  private static void count(Path descriptor, Map<String, Integer> counts) throws IOException {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      KINDS.stream()
          .filter(target::startsWith)
          .forEach(kind -> counts.merge(kind, 1, Integer::sum));
    } catch (NoSuchFileException _) {
      // Closed meanwhile.
    }
  }
}
