package io.strata.fsck.tree;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes of names as text that can be printed on any terminal. */
public final class Printable {
  private Printable() {}

  /**
   * The bytes as UTF-8; what is none, control characters and backslashes become {@code \xHH} byte
   * by byte, so that the text tells the bytes.
   */
  public static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    int at = 0;
    while (at < bytes.length) {
      int length = characterLength(bytes[at]);
      String character = length == 0 ? null : decoded(bytes, at, length);
      if (character == null || hidden(character.codePointAt(0))) {
        text.append("\\x%02x".formatted(bytes[at] & 0xff));
        at++;
      } else {
        text.append(character);
        at += length;
      }
    }
    return text.toString();
  }

  /** Bytes of the character that begins with this byte, or 0 if none does. */
  private static int characterLength(byte first) {
    int b = first & 0xff;
    return b < 0x80 ? 1 : b < 0xc2 ? 0 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 0;
  }

  private static @org.jspecify.annotations.Nullable String decoded(
      byte[] bytes, int at, int length) {
    if (at + length > bytes.length) {
      return null;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, at, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  private static boolean hidden(int codePoint) {
    return codePoint == '\\'
        || switch (Character.getType(codePoint)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.UNASSIGNED,
              Character.PRIVATE_USE ->
              true;
          default -> false;
        };
  }
}
