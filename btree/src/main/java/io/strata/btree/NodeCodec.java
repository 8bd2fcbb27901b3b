package io.strata.btree;

import io.strata.btree.format.MalformedPage;
import io.strata.btree.format.PageBuilder;
import io.strata.btree.format.PageView;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Turns pages in memory into stored ones and back. */
final class NodeCodec {
  private static final byte[] NO_KEY = {};
  private static final byte[] NO_VALUE = {};

  private NodeCodec() {}

  /** The stored form of a page, whose children are stored at the given addresses. */
  static ByteBuffer encode(Node node, Function<ChildRef, PageAddress> addresses) {
    Slots slots = node.slots;
    byte[] prefix = slots.prefix();
    PageBuilder page = new PageBuilder(node.level(), prefix, node.bytes() - prefix.length);
    switch (node) {
      case Leaf leaf -> leaf.slots.encodeTo(page);
      case Inner inner -> {
        page.entry(NO_KEY, 0, 0, addresses.apply(inner.child(0)).encoded());
        for (int i = 1; i < inner.count(); i++) {
          slots.encodeKeyTo(page, i - 1, addresses.apply(inner.child(i)).encoded());
        }
      }
    }
    return page.finish();
  }

  /** The page that a checked stored form means, for a place where it may hold a range of keys. */
  static Node decode(PageView page, KeyRange range) throws MalformedPage {
    if (page.leaf()) {
      return new Leaf(Node.LOADED, Slots.of(page));
    }
    Slots separators = new Slots();
    ChildRef[] children = new ChildRef[page.count()];
    for (int i = 0; i < children.length; i++) {
      if (i > 0) {
        separators.insert(i - 1, page.key(i), NO_VALUE);
      }
      children[i] = new ChildRef(address(page, i));
    }
    separators.retain(0, separators.count());
    return new Inner(Node.LOADED, page.level(), range, separators, children);
  }

  private static PageAddress address(PageView page, int i) throws MalformedPage {
    try {
      return PageAddress.decode(ByteBuffer.wrap(page.value(i)));
    } catch (IllegalArgumentException notAnAddress) {
      throw new MalformedPage("the address of child " + i);
    }
  }
}
