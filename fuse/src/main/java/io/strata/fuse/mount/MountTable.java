package io.strata.fuse.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is mounted where, as {@code /proc/self/mountinfo} tells (proc(5)). */
record MountTable(List<Entry> entries) {
  private static final Path MOUNT_INFO = Path.of("/proc/self/mountinfo");

  /**
   * One mount.
   *
   * @param device its number, as {@code major:minor}
   * @param point where
   * @param type of filesystem
   * @param source what was mounted
   */
  record Entry(String device, Path point, String type, String source) {}

  static MountTable read() throws IOException {
    return read(MOUNT_INFO);
  }

  /** That of any process, from its file in /proc. */
  static MountTable read(Path mountInfo) throws IOException {
    return parse(new String(Files.readAllBytes(mountInfo), StandardCharsets.ISO_8859_1));
  }

  /** Lines that make no sense are left out. */
  static MountTable parse(String text) {
    List<Entry> entries = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] halves = line.split(" - ", 2);
      if (halves.length == 2) {
        String[] mount = halves[0].split(" ", -1);
        String[] filesystem = halves[1].split(" ", -1);
        if (mount.length >= 6 && filesystem.length >= 2) {
          entries.add(
              new Entry(
                  mount[2],
                  Path.of(unescape(mount[4])),
                  unescape(filesystem[0]),
                  unescape(filesystem[1])));
        }
      }
    }
    return new MountTable(List.copyOf(entries));
  }

  /** The mount that covers all others at exactly this place. */
  Optional<Entry> at(Path point) {
    return entries.reversed().stream().filter(entry -> entry.point().equals(point)).findFirst();
  }

  /** A mount in a directory, not on it. */
  Optional<Entry> below(Path point) {
    return entries.stream()
        .filter(entry -> entry.point().startsWith(point) && !entry.point().equals(point))
        .findFirst();
  }

  /** Space, tab, newline and backslash are written as three octal digits; the rest is UTF-8. */
  private static String unescape(String field) {
    byte[] bytes = new byte[field.length()];
    int length = 0;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '\\' && i + 3 < field.length() && isOctal(field, i + 1)) {
        bytes[length++] = (byte) Integer.parseInt(field, i + 1, i + 4, 8);
        i += 3;
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean isOctal(String field, int from) {
    return field.substring(from, from + 3).chars().allMatch(digit -> digit >= '0' && digit <= '7');
  }
}
