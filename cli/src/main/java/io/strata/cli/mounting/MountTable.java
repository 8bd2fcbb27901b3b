package io.strata.cli.mounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is mounted in this process's namespace, as {@code /proc/self/mountinfo} tells it (proc(5)).
 *
 * @param mounts in the order in which they were mounted
 */
public record MountTable(List<Mount> mounts) {
  /** How a volume's mount shows: a subtype of {@code fuse}. */
  public static final String TYPE = "fuse.strata";

  /**
   * One mount.
   *
   * @param directory where
   * @param type of the filesystem
   * @param source what is mounted; for a volume its URL
   */
  public record Mount(Path directory, String type, String source) {}

  /** Reads the kernel's table. */
  public static MountTable read() throws IOException {
    // Names may hold any bytes: ISO 8859-1 keeps them apart, and escapes are undone on bytes.
    return parse(Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.ISO_8859_1));
  }

  static MountTable parse(List<String> lines) {
    List<Mount> mounts = new ArrayList<>();
    for (String line : lines) {
      List<String> fields = List.of(line.split(" ", -1));
      int separator = fields.indexOf("-");
      if (separator < 6 || fields.size() < separator + 3) {
        continue;
      }
      mounts.add(
          new Mount(
              Path.of(unescape(fields.get(4))),
              fields.get(separator + 1),
              unescape(fields.get(separator + 2))));
    }
    return new MountTable(List.copyOf(mounts));
  }

  /** What one sees in a directory: the last that was mounted exactly there. */
  public Optional<Mount> at(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    return mounts.stream()
        .filter(mount -> mount.directory().equals(absolute))
        .reduce((earlier, later) -> later);
  }

  /** Undoes {@code \040} for space, and so on. */
  private static String unescape(String field) {
    byte[] bytes = new byte[field.length()];
    int length = 0;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length()) {
        c = (char) Integer.parseInt(field.substring(i + 1, i + 4), 8);
        i += 3;
      }
      bytes[length++] = (byte) c;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
