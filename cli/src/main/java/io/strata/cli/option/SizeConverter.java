package io.strata.cli.option;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a number of bytes: {@code 65536}, {@code 64KiB}, {@code 16m}, {@code 1.5GiB}.
 *
 * <p>Without {@code B}, or with {@code iB}, a unit is a power of 1024, as {@code dd} and {@code
 * truncate} have it; {@code kB}, {@code MB}, {@code GB}, {@code TB} and {@code PB} are powers of
 * 1000.
 */
public final class SizeConverter implements ITypeConverter<Long> {
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgtp]?)(ib|b)?", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgtp";

  @Override
  public Long convert(String text) {
    Matcher matcher = SIZE.matcher(text.strip());
    if (!matcher.matches()) {
      throw new TypeConversionException(
          "'%s' is not a size; write it as 65536, 64KiB, 16MiB or 1.5GiB".formatted(text));
    }
    String unit = matcher.group(2).toLowerCase(Locale.ROOT);
    boolean decimal = !unit.isEmpty() && "b".equalsIgnoreCase(matcher.group(3));
    int power = unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1;
    BigDecimal bytes =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(decimal ? 1000 : 1024).pow(power));
    try {
      return bytes.setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException tooLarge) {
      throw new TypeConversionException("'%s' is too large, 8191PiB is the most".formatted(text));
    }
  }
}
