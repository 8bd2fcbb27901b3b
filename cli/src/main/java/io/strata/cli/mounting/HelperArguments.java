package io.strata.cli.mounting;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What {@code mount(8)} gives to {@code mount.strata}, as arguments of {@code strata mount}.
 *
 * <p>{@code mount(8)} calls {@code mount.strata URL DIR [-sfnvrw] [-N namespace] [-o options] [-t
 * type]}. Options that are for {@code mount(8)}, {@code fstab(5)} or {@code systemd} end here;
 * those of {@code strata mount} are written without their dashes, {@code flush-size=16MiB} or
 * {@code flush_size=16MiB}; the rest are mount options as the kernel and FUSE know them.
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
          "loud",
          "silent",
          "mand",
          "nomand",
          "iversion",
          "noiversion",
          "default_permissions");

  private static final List<String> PREFIXES_FOR_OTHERS = List.of("x-", "X-", "comment=");

  private static final Set<String> VALUED_FLAGS = Set.of("-o", "-t", "-N");

  public HelperArguments {
    arguments = List.copyOf(arguments);
  }

  /**
   * Translates.
   *
   * @param given as mount(8) gives them
   * @param known long names of the options of {@code strata mount}, with dashes
   * @param mountOption what the kernel or FUSE knows
   * @throws IllegalArgumentException if something is missing or unknown
   */
  public static HelperArguments translate(
      List<String> given, Set<String> known, Predicate<String> mountOption) {
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
    arguments.addAll(translateOptions(words, known, mountOption));
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
      Words words, Set<String> known, Predicate<String> mountOption) {
    List<String> arguments = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (String option : words.options()) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      String argument = "--" + name.replace('_', '-');
      if (option.isEmpty() || isForOthers(option)) {
        continue;
      }
      if (option.equals("remount")) {
        throw new IllegalArgumentException(
            "a volume cannot be mounted anew in place: unmount it, then mount it as it should be");
      }
      if (option.equals("ro")) {
        arguments.add("--read-only");
      } else if (known.contains(argument)) {
        arguments.add(equals < 0 ? argument : argument + option.substring(equals));
      } else if (mountOption.test(option)) {
        rest.add(option);
      } else if (!words.flagged('s')) {
        throw new IllegalArgumentException(
            "unknown option %s; strata mount --help lists what there is".formatted(option));
      }
    }
    if (!rest.isEmpty()) {
      arguments.add("--mount-options=" + String.join(",", rest));
    }
    return arguments;
  }

  private static boolean isForOthers(String option) {
    return FOR_OTHERS.contains(option) || PREFIXES_FOR_OTHERS.stream().anyMatch(option::startsWith);
  }
}
