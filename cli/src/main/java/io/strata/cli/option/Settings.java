package io.strata.cli.option;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that the command line leaves out: from the environment, else from a file, else
 * what is built in.
 *
 * <p>Option {@code --flush-size} of {@code strata mount} is {@code STRATA_FLUSH_SIZE} in the
 * environment and {@code flush-size} or, for this command alone and stronger, {@code
 * mount.flush-size} in the file, which has the format of {@link Properties}. Immutable.
 */
public final class Settings implements IDefaultValueProvider {
  /** The environment's name for {@code --config}. */
  public static final String FILE_VARIABLE = "STRATA_CONFIG";

  private static final Set<String> NEVER_SET = Set.of("help", "config");

  private final Map<String, String> variables;
  private final Map<String, String> entries;
  private final @Nullable Path file;

  private Settings(
      Map<String, String> variables, Map<String, String> entries, @Nullable Path file) {
    this.variables = variables;
    this.entries = entries;
    this.file = file;
  }

  /**
   * A value and where it is from.
   *
   * @param text as it was written
   * @param source such as {@code STRATA_FLUSH_SIZE} or {@code flush-size in /etc/strata.conf}
   */
  public record Value(String text, String source) {}

  /**
   * Reads the settings that go with a command line.
   *
   * @throws IOException if the file named by {@code --config} or the environment cannot be read
   */
  public static Settings read(Map<String, String> variables, String... args) throws IOException {
    String name = fileNamed(args);
    if (name == null) {
      name = variables.get(FILE_VARIABLE);
    }
    if (name == null || name.isEmpty()) {
      return new Settings(variables, Map.of(), null);
    }
    Path file = Path.of(name);
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException malformed) {
      throw new IOException(file + ": " + malformed.getMessage(), malformed);
    }
    Map<String, String> entries = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> entries.put(key, properties.getProperty(key)));
    return new Settings(variables, entries, file);
  }

  /** The file must be known before the command line is parsed, because it supplies defaults. */
  private static @Nullable String fileNamed(String... args) {
    for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
      if (args[i].startsWith("--config=")) {
        return args[i].substring("--config=".length());
      }
      if (args[i].equals("--config") && i + 1 < args.length) {
        return args[i + 1];
      }
    }
    return null;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    Value value = find(argument);
    return value == null ? null : value.text();
  }

  /** What is set for an option here; null if nothing is. */
  public @Nullable Value find(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String key = key(option);
    if (NEVER_SET.contains(key)) {
      return null;
    }
    String variable = "STRATA_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
    String text = variables.get(variable);
    if (text != null) {
      return new Value(text, variable);
    }
    for (String name : new String[] {path(option.command()) + key, key}) {
      text = entries.get(name);
      if (text != null) {
        return new Value(text, name + " in " + file);
      }
    }
    return null;
  }

  /** Entries of the file that no option of any command reads: misspelt, most likely. */
  public Set<String> unknownEntries(CommandLine root) {
    Set<String> unknown = new TreeSet<>(entries.keySet());
    removeKnown(root, unknown);
    return unknown;
  }

  /** The file that was read, if any. */
  public @Nullable Path file() {
    return file;
  }

  private static void removeKnown(CommandLine command, Set<String> names) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      names.remove(key(option));
      names.remove(path(command.getCommandSpec()) + key(option));
    }
    command.getSubcommands().values().forEach(below -> removeKnown(below, names));
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** {@code checkpoint.list.} for {@code strata checkpoint list}; empty for {@code strata}. */
  private static String path(CommandSpec command) {
    StringBuilder path = new StringBuilder();
    for (CommandSpec at = command; at.parent() != null; at = at.parent()) {
      path.insert(0, at.name() + ".");
    }
    return path.toString();
  }
}
