package io.strata.cli.mounting;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What {@code mount(8)} gives to {@code mount.strata}, as arguments of {@code strata mount}.
 *
 * <p>{@code mount(8)} calls {@code mount.strata URL DIR [-sfnv] [-N namespace] [-o options] [-t
 * type]}. Among the options are those of every filesystem: some are for {@code mount(8)} and {@code
 * systemd} alone and end here, some are for the kernel and go to {@code --mount-options}. The rest
 * are options of {@code strata mount} without their dashes, {@code flush-size=16MiB} or {@code
 * flush_size=16MiB}.
 *
 * @param arguments of {@code strata mount}
 * @param fake whether all is to be checked and nothing mounted ({@code -f})
 */
public record HelperArguments(List<String> arguments, boolean fake) {
  /** For mount(8), fstab(5) and systemd.mount(5); no filesystem needs to know them. */
  private static final Set<String> FOR_OTHERS =
      Set.of(
          "auto",
          "noauto",
          "user",
          "nouser",
          "users",
          "owner",
          "group",
          "nofail",
          "defaults",
          "_netdev",
          "rw",
          "async",
          "loud",
          "silent",
          "mand",
          "nomand",
          "iversion",
          "noiversion",
          "default_permissions",
          "nolazytime");

  private static final List<String> PREFIXES_FOR_OTHERS = List.of("x-", "X-", "comment=");

  /** Flags of the mount that the kernel keeps; their opposites are what it does anyway. */
  private static final Set<String> FOR_THE_KERNEL =
      Set.of(
          "nosuid",
          "nodev",
          "noexec",
          "suid",
          "dev",
          "exec",
          "noatime",
          "atime",
          "nodiratime",
          "diratime",
          "relatime",
          "norelatime",
          "strictatime",
          "nostrictatime",
          "sync",
          "dirsync",
          "lazytime",
          "nosymfollow",
          "symfollow");

  private static final Set<String> VALUED_FLAGS = Set.of("-o", "-t", "-N");

  public HelperArguments {
    arguments = List.copyOf(arguments);
  }

  /**
   * Translates.
   *
   * @param given as mount(8) gives them
   * @param known long names of the options of {@code strata mount}, with dashes
   * @throws IllegalArgumentException if something is missing or unknown
   */
  public static HelperArguments translate(List<String> given, Set<String> known) {
    Words words = Words.sort(given);
    if (words.places().size() != 2) {
      throw new IllegalArgumentException(
          "expected a URL and a directory, not '%s'".formatted(String.join(" ", words.places())));
    }
    List<String> arguments = new ArrayList<>(List.of("mount", "--background"));
    if (words.flagged('v')) {
      arguments.add("--verbose");
    }
    if (words.flagged('r')) {
      arguments.add("--read-only");
    }
    arguments.addAll(translateOptions(words.options(), known, words.flagged('s')));
    arguments.add("--");
    arguments.addAll(words.places());
    return new HelperArguments(arguments, words.flagged('f'));
  }

  /** The words given, by kind. */
  private record Words(List<String> places, List<String> options, String flags) {
    static Words sort(List<String> given) {
      List<String> places = new ArrayList<>();
      List<String> options = new ArrayList<>();
      StringBuilder flags = new StringBuilder();
      for (int i = 0; i < given.size(); i++) {
        String word = given.get(i);
        if (VALUED_FLAGS.contains(word)) {
          if (++i == given.size()) {
            throw new IllegalArgumentException(word + " needs a value");
          }
          if (word.equals("-o")) {
            options.addAll(List.of(given.get(i).split(",", -1)));
          }
        } else if (word.matches("-[sfnvrw]+")) {
          flags.append(word);
        } else if (word.startsWith("-")) {
          throw new IllegalArgumentException("unknown argument " + word);
        } else {
          places.add(word);
        }
      }
      return new Words(places, options, flags.toString());
    }

    boolean flagged(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  private static List<String> translateOptions(
      List<String> options, Set<String> known, boolean sloppy) {
    List<String> arguments = new ArrayList<>();
    List<String> kernel = new ArrayList<>();
    for (String option : options) {
      if (option.isEmpty() || isForOthers(option)) {
        continue;
      }
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String argument = "--" + name.replace('_', '-');
      if (option.equals("ro")) {
        arguments.add("--read-only");
      } else if (FOR_THE_KERNEL.contains(option)) {
        kernel.add(option);
      } else if (known.contains(argument)) {
        arguments.add(equals < 0 ? argument : argument + option.substring(equals));
      } else if (!sloppy) {
        throw new IllegalArgumentException(
            "unknown option %s; strata mount --help lists what there is".formatted(option));
      }
    }
    if (!kernel.isEmpty()) {
      arguments.add("--mount-options=" + String.join(",", kernel));
    }
    return arguments;
  }

  private static boolean isForOthers(String option) {
    return FOR_OTHERS.contains(option) || PREFIXES_FOR_OTHERS.stream().anyMatch(option::startsWith);
  }
}
