package io.strata.fsck.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PrintableTest {
  @Example
  void textStaysAsItIs() {
    assertThat(Printable.text("a b-\u00e4\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("a b-\u00e4\u20ac\ud83d\ude00");
  }

  @Example
  void whatATerminalWouldObeyIsHidden() {
    byte[] bytes = "\u001b[2J\u202e\u0085\\".getBytes(StandardCharsets.UTF_8);
    assertThat(Printable.text(bytes)).isEqualTo("\\x1b[2J\\xe2\\x80\\xae\\xc2\\x85\\x5c");
  }

  /** No two names look alike: the bytes can be read back. */
  @Property
  void tellsTheBytes(@ForAll byte[] bytes) {
    assertThat(readBack(Printable.text(bytes))).isEqualTo(bytes);
  }

  private static byte[] readBack(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      if (text.charAt(i) == '\\') {
        bytes.write(HexFormat.fromHexDigits(text, i + 2, i + 4));
        i += 4;
      } else {
        int codePoint = text.codePointAt(i);
        bytes.writeBytes(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(codePoint);
      }
    }
    return bytes.toByteArray();
  }
}
