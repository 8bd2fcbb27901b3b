package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.btree.format.PageBuilder;
import io.strata.btree.format.PageCodec;
import io.strata.btree.format.PageView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A page's entries are a sorted map, however they came there. */
class SlotsTest {
  private static final int STEPS = 300;

  private static NavigableMap<byte[], byte[]> sorted() {
    return new TreeMap<>(Arrays::compareUnsigned);
  }

  /** A key that shares much or little with others. */
  private static byte[] key(Random random, byte[] shared) {
    int prefix = random.nextInt(20) > 0 ? shared.length : random.nextInt(shared.length + 1);
    byte[] key = Arrays.copyOf(shared, prefix + random.nextInt(7));
    for (int i = prefix; i < key.length; i++) {
      key[i] = (byte) (random.nextInt(4) - 2);
    }
    return key;
  }

  private static byte[] bytes(Random random, int lengthMax) {
    byte[] bytes = new byte[random.nextInt(lengthMax + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void check(Slots slots, NavigableMap<byte[], byte[]> model) {
    assertThat(slots.count()).isEqualTo(model.size());
    int i = 0;
    int bytes = 0;
    for (Map.Entry<byte[], byte[]> entry : model.entrySet()) {
      assertThat(slots.key(i)).isEqualTo(entry.getKey());
      assertThat(slots.value(i)).isEqualTo(entry.getValue());
      assertThat(slots.holds(i, entry.getValue())).isTrue();
      assertThat(slots.find(entry.getKey())).isEqualTo(i);
      bytes += slots.entryBytes(i);
      i++;
    }
    assertThat(slots.bytes()).isEqualTo(slots.prefix().length + bytes);
    assertThat(slots.footprint()).isGreaterThanOrEqualTo(slots.bytes());
  }

  private static Slots randomly(Random random, byte[] shared, NavigableMap<byte[], byte[]> model) {
    Slots slots = new Slots();
    for (int step = 0; step < STEPS; step++) {
      byte[] key = key(random, shared);
      int i = slots.find(key);
      assertThat(i >= 0).isEqualTo(model.containsKey(key));
      if (i < 0) {
        assertThat(-i - 1).isEqualTo(model.headMap(key).size());
      }
      if (random.nextInt(3) > 0) {
        byte[] value = bytes(random, random.nextInt(20) > 0 ? 20 : 500);
        model.put(key, value);
        if (i >= 0) {
          slots.replace(i, value);
        } else {
          slots.insert(-i - 1, key, value);
        }
      } else if (i >= 0) {
        model.remove(key);
        slots.remove(i);
      }
      if (step % 10 == 0) {
        check(slots, model);
      }
    }
    check(slots, model);
    return slots;
  }

  @Property(tries = 100)
  void isASortedMap(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    byte[] shared = bytes(random, 12);
    NavigableMap<byte[], byte[]> model = sorted();
    Slots slots = randomly(random, shared, model);
    check(slots.copy(), model);

    int cut = random.nextInt(slots.count() + 1);
    List<Map.Entry<byte[], byte[]>> entries = new ArrayList<>(model.entrySet());
    NavigableMap<byte[], byte[]> leftModel = sorted();
    entries.subList(0, cut).forEach(e -> leftModel.put(e.getKey(), e.getValue()));
    NavigableMap<byte[], byte[]> rightModel = sorted();
    entries.subList(cut, entries.size()).forEach(e -> rightModel.put(e.getKey(), e.getValue()));
    Slots left = slots.section(0, cut);
    Slots right = slots.section(cut, slots.count());
    check(left, leftModel);
    check(right, rightModel);
    check(Slots.join(left, right), model);
    check(slots, model);

    PageBuilder page = new PageBuilder(0, slots.prefix(), slots.bytes() - slots.prefix().length);
    slots.encodeTo(page);
    Slots stored = Slots.of(PageView.of(page.finish()));
    check(stored, model);
    assertThat(stored.bytes()).isEqualTo(slots.bytes());
    byte[] last = new byte[PageCodec.KEY_BYTES_MAX];
    Arrays.fill(last, (byte) -1);
    model.put(last, shared);
    Slots changed = stored.copy();
    changed.insert(changed.count(), last, shared);
    check(changed, model);
  }

  @Property(tries = 50)
  void keepsLittleMemoryThatItDoesNotNeed(@ForAll long seed) {
    Random random = new Random(seed);
    NavigableMap<byte[], byte[]> model = sorted();
    Slots slots = randomly(random, new byte[] {1, 2, 3}, model);
    assertThat(slots.footprint()).isLessThan(1000 + 2 * slots.bytes() + 16 * slots.count());
    while (slots.count() > 1) {
      slots.remove(random.nextInt(slots.count()));
    }
    assertThat(slots.footprint()).isLessThan(5000 + 2 * slots.bytes());
  }
}
