package io.strata.fsck.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.Timestamp;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a line: strings, whole numbers and truth values, each taken once. Whatever else is
 * there, or is missing, ends in an {@link IllegalArgumentException} that names the field.
 */
final class LineFields {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final Pattern TIME = Pattern.compile("(-?\\d{1,19})\\.(\\d{9})");

  private final Map<String, Object> fields;

  private LineFields(Map<String, Object> fields) {
    this.fields = fields;
  }

  /** Reads a line; fails if it is no flat JSON object. */
  static LineFields of(byte[] line) throws IOException {
    Map<String, Object> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("it is no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        fields.put(name, value(name, parser));
      }
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows the JSON object");
      }
    }
    return new LineFields(fields);
  }

  private static Object value(String name, JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return switch (parser.getNumberType()) {
        case INT, LONG -> parser.getLongValue();
        case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
            throw new IllegalArgumentException(name + " is greater than any number here");
      };
    }
    if (token == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return token == JsonToken.VALUE_TRUE;
    }
    throw new IllegalArgumentException(
        name + " is neither a string nor a whole number nor true or false");
  }

  private @Nullable Object take(String name) {
    return fields.remove(name);
  }

  private <T> T take(String name, Class<T> type, String what) {
    Object value = take(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          value == null ? name + " is missing" : "%s is not %s".formatted(name, what));
    }
    return type.cast(value);
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  String text(String name) {
    return take(name, String.class, "a string");
  }

  long number(String name) {
    return take(name, Long.class, "a number");
  }

  /** A number of 32 bits, unsigned. */
  int number32(String name) {
    long value = number(name);
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("%s is no number of 32 bits: %d".formatted(name, value));
    }
    return (int) value;
  }

  /** A number of 31 bits; {@code otherwise} if it is left out. */
  int numberOr(String name, int otherwise) {
    return has(name) ? number32(name) : otherwise;
  }

  /** A truth value; false if it is left out. */
  boolean flag(String name) {
    return has(name) && take(name, Boolean.class, "true or false");
  }

  /** Bytes: as text if they are UTF-8, else in Base64 under a name that says so. */
  ByteString bytes(String name) {
    String coded = name + LineWriter.BASE64;
    if (has(coded)) {
      if (has(name)) {
        throw new IllegalArgumentException("both %s and %s are there".formatted(name, coded));
      }
      String text = text(coded);
      try {
        return ByteString.of(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(coded + " is not Base64: " + e.getMessage(), e);
      }
    }
    String text = text(name);
    if (text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        && !text.equals(new String(text.getBytes(UTF_8), UTF_8))) {
      throw new IllegalArgumentException(name + " has half a character in it");
    }
    return ByteString.of(text);
  }

  /** A number in octal digits. */
  int octal(String name) {
    String text = text(name);
    if (!text.matches("[0-7]{1,7}")) {
      throw new IllegalArgumentException(name + " is not octal: " + text);
    }
    return Integer.parseInt(text, 8);
  }

  /** A checksum in eight hexadecimal digits. */
  int hex32(String name) {
    String text = text(name);
    if (!text.matches("[0-9a-f]{8}")) {
      throw new IllegalArgumentException(name + " is not eight hexadecimal digits: " + text);
    }
    return Integer.parseUnsignedInt(text, 16);
  }

  /** A time of a file: seconds, a point and nine digits. */
  Timestamp time(String name) {
    String text = text(name);
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(name + " is no time in seconds: " + text);
    }
    try {
      return new Timestamp(Long.parseLong(parts.group(1)), Integer.parseInt(parts.group(2)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is no time that there is: " + text, e);
    }
  }

  /** A time in ISO 8601. */
  Instant instant(String name) {
    String text = text(name);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(name + " is no time in ISO 8601: " + text, e);
    }
  }

  /** Ends the line: all of it must have been taken. */
  void end() {
    if (!fields.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown field " + fields.keySet().stream().sorted().findFirst().orElseThrow());
    }
  }
}
