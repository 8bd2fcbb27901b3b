package io.strata.fuse.mount;

import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.server.SessionOptions;
import java.math.BigDecimal;
import java.time.Duration;

/** Options as one writes them after {@code -o} and in fstab: names and values between commas. */
public final class MountOptionList {
  private MountOptionList() {}

  /**
   * {@code options} changed as {@code list} says, in order.
   *
   * @throws IllegalArgumentException if an option is unknown or its value makes no sense; the
   *     message names it
   */
  public static MountOptions apply(MountOptions options, String list) {
    MountOptions result = options;
    for (String option : list.split(",", -1)) {
      if (!option.isBlank()) {
        result = applyOne(result, option.strip());
      }
    }
    return result;
  }

  private static MountOptions applyOne(MountOptions options, String option) {
    int equals = option.indexOf('=');
    if (equals >= 0) {
      return withValue(options, option.substring(0, equals), option.substring(equals + 1));
    }
    for (MountFlag flag : MountFlag.values()) {
      if (flag.option().equals(option)) {
        return options.with(flag);
      }
    }
    return switch (option) {
      case "rw" -> options.without(MountFlag.READ_ONLY);
      case "suid" -> options.without(MountFlag.NO_SUID);
      case "dev" -> options.without(MountFlag.NO_DEV);
      case "exec" -> options.without(MountFlag.NO_EXEC);
      case "async" -> options.without(MountFlag.SYNC);
      case "atime" -> options.without(MountFlag.NO_ATIME);
      case "diratime" -> options.without(MountFlag.NO_DIR_ATIME);
      case "norelatime" -> options.without(MountFlag.REL_ATIME);
      case "nostrictatime" -> options.without(MountFlag.STRICT_ATIME);
      case "nolazytime" -> options.without(MountFlag.LAZY_TIME);
      case "allow_other" -> options.withAllowOther(true);
      case "noallow_other" -> options.withAllowOther(false);
      case "writeback_cache" -> options.withSession(options.session().withWritebackCache(true));
      case "nowriteback_cache" -> options.withSession(options.session().withWritebackCache(false));
      case "xattr" -> options.withSession(options.session().withExtendedAttributes(true));
      case "noxattr" -> options.withSession(options.session().withExtendedAttributes(false));
      // What mount(8) passes on or others read from fstab; permissions are always checked.
      case "defaults",
          "auto",
          "noauto",
          "nofail",
          "_netdev",
          "user",
          "users",
          "nouser",
          "owner",
          "group",
          "default_permissions" ->
          options;
      default -> {
        if (option.startsWith("x-") || option.startsWith("X-")) {
          yield options;
        }
        throw new IllegalArgumentException("unknown mount option: " + option);
      }
    };
  }

  private static MountOptions withValue(MountOptions options, String name, String value) {
    SessionOptions session = options.session();
    Lifetimes now = session.lifetimes();
    try {
      return switch (name) {
        case "entry_timeout" ->
            options.withSession(
                session.withLifetimes(
                    new Lifetimes(seconds(value), now.attributes(), now.absentNames())));
        case "attr_timeout" ->
            options.withSession(
                session.withLifetimes(
                    new Lifetimes(now.names(), seconds(value), now.absentNames())));
        case "negative_timeout" ->
            options.withSession(
                session.withLifetimes(
                    new Lifetimes(now.names(), now.attributes(), seconds(value))));
        case "readers" -> options.withReaders(Integer.parseInt(value));
        case "comment" -> options;
        default -> {
          if (name.startsWith("x-") || name.startsWith("X-")) {
            yield options;
          }
          throw new IllegalArgumentException("unknown mount option: " + name);
        }
      };
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("mount option " + name + ": not a number: " + value, e);
    }
  }

  private static Duration seconds(String value) {
    return Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValue());
  }
}
