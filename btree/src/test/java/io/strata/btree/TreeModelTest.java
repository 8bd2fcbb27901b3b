package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** placeholder */
class TreeModelTest {
  @Property(tries = 100)
  void behavesAsASortedMap(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    StoredPages pages = new StoredPages();
    TreeSizes sizes = new TreeSizes(256, 4000);
    BTree tree = BTree.create(pages, sizes);
    TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    for (int i = 0; i < 3000; i++) {
      byte[] key = new byte[random.nextInt(4)];
      for (int j = 0; j < key.length; j++) {
        key[j] = (byte) random.nextInt(30);
      }
      BTree current = tree;
      switch (random.nextInt(40)) {
        case 0 -> {
          try (FrozenTree frozen = tree.freeze()) {
            PageAddress root = frozen.write(pages);
            frozen.commit();
            if (random.nextInt(5) == 0) {
              tree = BTree.open(pages, root, sizes);
            }
          }
        }
        case 1 -> tree.trim();
        default -> {
          if (random.nextInt(3000) < 3000 - i) {
            byte[] value = new byte[random.nextInt(40)];
            byte[] was = Loading.loading(() -> current.put(key, value));
            assertThat(was).isEqualTo(model.put(key, value));
          } else {
            assertThat(Loading.loading(() -> current.delete(key))).isEqualTo(model.remove(key));
          }
          Map.Entry<byte[], byte[]> floor = model.floorEntry(key);
          Entry entry = Loading.loading(() -> current.floor(key));
          assertThat(entry == null ? null : entry.value())
              .isEqualTo(floor == null ? null : floor.getValue());
        }
      }
      Invariants.check(tree);
    }
  }
}
