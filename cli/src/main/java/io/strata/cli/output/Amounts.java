package io.strata.cli.output;

import java.time.Duration;
import java.util.Locale;

/** Numbers with their units, as people read them. */
public final class Amounts {
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Amounts() {}

  /** {@code 512 B}, {@code 1.5 MiB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, "%.1f %s", value, BYTE_UNITS[unit]);
  }

  /** {@code 12 µs}, {@code 3.4 ms}, {@code 1.2 s}, {@code 3 min}. */
  public static String seconds(double seconds) {
    if (seconds >= 120) {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
    if (seconds >= 1) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds >= 0.001) {
      return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
    }
    return String.format(Locale.ROOT, "%.0f µs", seconds * 1e6);
  }

  /** Seconds with their fraction, for JSON. */
  public static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /** {@code 1 234 567}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count).replace(',', ' ');
  }
}
