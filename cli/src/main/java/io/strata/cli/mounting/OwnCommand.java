package io.strata.cli.mounting;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this very process was started, so that it can be started again with other arguments. */
public final class OwnCommand {
  private OwnCommand() {}

  /**
   * The virtual machine, its options and the program, without the program's own arguments.
   *
   * @throws IOException if this program was not started by {@code java -jar}
   */
  public static List<String> line() throws IOException {
    String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
    return cut(List.of(words.split("\0", -1)));
  }

  /**
   * The same with another folder for temporary files, for a process that is going to be killed:
   * what libraries unpack there goes with the folder.
   */
  public static List<String> line(Path temporary) throws IOException {
    List<String> words = new ArrayList<>(line());
    words.add(words.size() - 2, "-Djava.io.tmpdir=" + temporary);
    return words;
  }

  static List<String> cut(List<String> words) throws IOException {
    int jar = words.indexOf("-jar");
    if (jar < 0 || jar + 1 >= words.size()) {
      throw new IOException("cannot start itself again: not started by the launcher `strata`");
    }
    return words.subList(0, jar + 2);
  }
}
