package io.strata.btree.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Pages are the bytes that {@link PageCodec} specifies, and what is not such a page is refused. */
class PageViewTest {
  private static final byte[] CHILD =
      HexFormat.of().parseHex("010000000200000040000000e8030000efbeadde");

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] leaf() {
    byte[][] values = {ascii("red"), {}, ascii("blue")};
    PageBuilder page = new PageBuilder(0, ascii("col"), 5 + 5 + 8);
    page.entry(ascii("a"), 0, 0, values[0]);
    page.entry(ascii("our"), 0, 3, values[1]);
    page.entry(ascii("xyz"), 1, 2, values[2]);
    return bytes(page.finish());
  }

  private static byte[] inner() {
    byte[] separator = ascii("col");
    PageBuilder page = new PageBuilder(3, ascii("c"), 2 * PageBuilder.entryBytes(0, 20) + 2);
    page.entry(separator, 0, 0, CHILD);
    page.entry(separator, 1, 2, CHILD);
    return bytes(page.finish());
  }

  private static byte[] bytes(ByteBuffer page) {
    byte[] bytes = new byte[page.remaining()];
    page.get(bytes);
    return bytes;
  }

  /** Gives a page the checksum that its bytes have. */
  private static byte[] sealed(byte[] page) {
    ByteBuffer.wrap(page)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(PageCodec.CRC_AT, PageCodec.crc(page, page.length));
    return page;
  }

  private static void assertRefused(byte[] page, String what) {
    assertThatThrownBy(() -> PageView.of(ByteBuffer.wrap(sealed(page))))
        .isInstanceOf(MalformedPage.class)
        .hasMessageContaining(what);
  }

  @Test
  void aLeafIsTheseBytes() throws MalformedPage {
    byte[] page = leaf();
    assertThat(HexFormat.of().formatHex(page))
        .isEqualTo(
            "01000300" // leaf, level 0, prefix of 3
                + "03000000" // 3 entries
                + "1bb13a9d" // checksum
                + "636f6c" // col
                + "00" // no more of the key
                + "03726564" // red
                + "036f7572" // our
                + "00" // no value
                + "02797a" // yz
                + "04626c7565"); // blue
    PageView view = PageView.of(ByteBuffer.wrap(page));
    assertThat(view.leaf()).isTrue();
    assertThat(view.level()).isZero();
    assertThat(view.count()).isEqualTo(3);
    assertThat(view.prefix()).isEqualTo(ascii("col"));
    assertThat(view.key(0)).isEqualTo(ascii("col"));
    assertThat(view.value(0)).isEqualTo(ascii("red"));
    assertThat(view.key(1)).isEqualTo(ascii("colour"));
    assertThat(view.value(1)).isEmpty();
    assertThat(view.key(2)).isEqualTo(ascii("colyz"));
    assertThat(view.value(2)).isEqualTo(ascii("blue"));
  }

  @Test
  void anInnerPageIsTheseBytes() throws MalformedPage {
    byte[] page = inner();
    assertThat(HexFormat.of().formatHex(page))
        .isEqualTo(
            "02030100" // inner, level 3, prefix of 1
                + "02000000" // 2 children
                + "5cb32183" // checksum
                + "63" // c
                + "00" // below every key
                + "14010000000200000040000000e8030000efbeadde"
                + "026f6c" // ol
                + "14010000000200000040000000e8030000efbeadde");
    PageView view = PageView.of(ByteBuffer.wrap(page));
    assertThat(view.leaf()).isFalse();
    assertThat(view.level()).isEqualTo(3);
    assertThat(view.count()).isEqualTo(2);
    assertThat(view.key(0)).isEmpty();
    assertThat(view.key(1)).isEqualTo(ascii("col"));
    assertThat(view.value(1)).isEqualTo(CHILD);
  }

  @Test
  void anyChangedBitIsFoundOut() {
    for (byte[] whole : new byte[][] {leaf(), inner()}) {
      for (int bit = 0; bit < whole.length * 8; bit++) {
        byte[] page = whole.clone();
        page[bit / 8] ^= (byte) (1 << bit % 8);
        assertThatThrownBy(() -> PageView.of(ByteBuffer.wrap(page)))
            .isInstanceOf(MalformedPage.class)
            .hasMessageContaining("checksum");
      }
    }
  }

  @Test
  void aCutOffPageIsFoundOut() {
    byte[] whole = leaf();
    for (int length = 0; length < whole.length; length++) {
      byte[] page = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> PageView.of(ByteBuffer.wrap(page)))
          .isInstanceOf(MalformedPage.class);
    }
    assertRefused(Arrays.copyOf(whole, whole.length - 1), "entry 2 is cut off");
    assertRefused(Arrays.copyOf(whole, whole.length + 1), "1 bytes after the last entry");
  }

  @Test
  void aSealedPageMustMakeSense() {
    byte[] kind = leaf();
    kind[0] = 2;
    assertRefused(kind, "kind 2 at level 0");

    byte[] level = leaf();
    level[1] = 1;
    assertRefused(level, "kind 1 at level 1");

    byte[] prefix = leaf();
    prefix[3] = 1;
    assertRefused(prefix, "a prefix of 259 bytes");

    byte[] count = leaf();
    count[7] = (byte) 0xff;
    assertRefused(count, "it claims 4278190083 entries");

    byte[] childless = inner();
    childless[4] = 0;
    assertRefused(childless, "it claims 0 entries");

    byte[] order = leaf();
    order[order.length - 7] = 'o';
    order[order.length - 6] = 'a';
    assertRefused(order, "the key of entry 2 is out of order");

    byte[] address = inner();
    address[PageCodec.HEADER_BYTES + 2] = 19;
    assertRefused(address, "the value length of entry 0");

    byte[] longKey = leaf();
    longKey[15] = (byte) 0xff;
    longKey[16] = 0x7f;
    assertRefused(longKey, "the key length of entry 0");
  }

  @Property(tries = 3000)
  void sealedNonsenseIsRefusedOrInOrder(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] page = random.nextBoolean() ? leaf() : inner();
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      page[random.nextInt(page.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 8);
    }
    PageView view;
    try {
      view = PageView.of(ByteBuffer.wrap(sealed(page)));
    } catch (MalformedPage refused) {
      assertThat(refused.what()).isNotEmpty();
      return;
    }
    int from = view.leaf() ? 0 : 1;
    for (int i = 0; i < view.count(); i++) {
      assertThat(view.value(i).length).isLessThanOrEqualTo(page.length);
      if (i > from) {
        assertThat(Arrays.compareUnsigned(view.key(i - 1), view.key(i))).isNegative();
      }
    }
  }
}
