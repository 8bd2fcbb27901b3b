package io.strata.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What files must be there, and with what bytes. Immutable.
 *
 * <p>As a file: a line each, SHA-256 in hexadecimal, two spaces, path; {@code sha256sum -c} reads
 * it.
 *
 * @param checksums by path
 */
record Manifest(Map<String, String> checksums) {
  Manifest {
    checksums = Collections.unmodifiableMap(new TreeMap<>(checksums));
  }

  /** Writes it to a file. */
  void save(Path file) throws IOException {
    List<String> lines = new ArrayList<>(checksums.size());
    checksums.forEach((path, checksum) -> lines.add(checksum + "  " + path));
    Files.write(file, lines, StandardCharsets.UTF_8);
  }

  /** Reads what {@link #save} wrote. */
  static Manifest load(Path file) throws IOException {
    Map<String, String> checksums = new TreeMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      int space = line.indexOf("  ");
      checksums.put(line.substring(space + 2), line.substring(0, space));
    }
    return new Manifest(checksums);
  }

  /**
   * Compares it with what is there.
   *
   * @param ignored names at the root that are no part of it
   * @return a line for each difference
   */
  List<String> differences(DemoTree tree, Set<String> ignored, Progress progress)
      throws IOException {
    List<String> differences = new ArrayList<>();
    Set<String> missing = new TreeSet<>(checksums.keySet());
    tree.forEachFile(
        "",
        path -> {
          if (ignored.contains(top(path))) {
            return;
          }
          missing.remove(path);
          String expected = checksums.get(path);
          if (expected == null) {
            differences.add(path + " is there and should not be");
            return;
          }
          try (InputStream in = tree.read(path)) {
            String found = Checksum.of(in);
            if (!found.equals(expected)) {
              differences.add(path + " has other bytes: SHA-256 " + found + ", not " + expected);
            }
          }
          progress.advance(checksums.size());
        });
    missing.forEach(path -> differences.add(path + " is missing"));
    return differences;
  }

  private static String top(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }
}
