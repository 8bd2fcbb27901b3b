package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.btree.format.PageView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A stored tree, walked and checked through the page format alone. */
final class StoredTree {
  private final Set<PageAddress> pages = new HashSet<>();
  private final NavigableMap<byte[], byte[]> entries = new TreeMap<>(Arrays::compareUnsigned);

  /** Walks all pages below a root. */
  StoredTree(StoredPages source, PageAddress root) throws IOException {
    PageView page = PageView.of(source.read(root));
    walk(source, root, page.level(), null, null);
  }

  private void walk(
      StoredPages source,
      PageAddress address,
      int level,
      byte @Nullable [] from,
      byte @Nullable [] to)
      throws IOException {
    assertThat(pages.add(address)).as("a page has one parent").isTrue();
    PageView page = PageView.of(source.read(address));
    assertThat(page.level()).as("level").isEqualTo(level);
    for (int i = 0; i < page.count(); i++) {
      byte[] key = page.key(i);
      boolean bound = page.leaf() || i > 0;
      if (bound && from != null) {
        assertThat(Arrays.compareUnsigned(from, key)).as("lower separator").isNotPositive();
      }
      if (bound && to != null) {
        assertThat(Arrays.compareUnsigned(key, to)).as("upper separator").isNegative();
      }
      if (page.leaf()) {
        assertThat(entries.put(key, page.value(i))).as("a key is there once").isNull();
      } else {
        PageAddress child = PageAddress.decode(ByteBuffer.wrap(page.value(i)));
        byte[] next = i + 1 < page.count() ? page.key(i + 1) : to;
        walk(source, child, level - 1, i == 0 ? from : key, next);
      }
    }
  }

  /** All pages, the root included. */
  Set<PageAddress> pages() {
    return pages;
  }

  NavigableMap<byte[], byte[]> entries() {
    return entries;
  }
}
