package io.strata.cli.output;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time with their units, as people write them. */
public final class Times {
  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|d)");
  private static final long[] UNIT_SECONDS = {86_400, 3600, 60, 1};
  private static final String[] UNITS = {"d", "h", "m", "s"};

  private Times() {}

  /**
   * Reads {@code 500ms}, {@code 10s}, {@code 1.5h} or {@code 7d}.
   *
   * @throws IllegalArgumentException if it is no such time
   */
  public static Duration parse(String text) {
    Matcher matcher = TIME.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a time; write it with its unit: 500ms, 10s, 5m, 24h or 7d".formatted(text));
    }
    long unitMillis =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    return Duration.ofMillis(
        new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unitMillis)).longValue());
  }

  /** Whole seconds in the greatest unit that they are a multiple of, as {@link #parse} reads it. */
  public static String text(Duration time) {
    long seconds = time.toSeconds();
    int unit = 0;
    while (seconds % UNIT_SECONDS[unit] != 0) {
      unit++;
    }
    return seconds / UNIT_SECONDS[unit] + UNITS[unit];
  }
}
