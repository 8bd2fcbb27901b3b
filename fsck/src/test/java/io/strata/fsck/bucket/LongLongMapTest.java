package io.strata.fsck.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.strata.fsck.scratch.Scratch;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class LongLongMapTest {
  /** Where tables go that do not fit into a few bytes. */
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @Property(tries = 200)
  void isAMap(@ForAll @Size(max = 300) List<@LongRange(min = -60, max = 60) Long> keys) {
    LongLongMap map = new LongLongMap(new Scratch(TEMPORARY, 1000));
    Map<Long, Long> model = new HashMap<>();
    long value = 0;
    for (long key : keys) {
      if (key != 0) {
        map.put(key, ++value);
        model.put(key, value);
      }
    }
    assertThat(map.size()).isEqualTo(model.size());
    assertThat(map.sortedKeys())
        .isEqualTo(model.keySet().stream().mapToLong(Long::longValue).sorted().toArray());
    for (long key = -70; key < 70; key++) {
      assertThat(map.get(key, -1)).isEqualTo(model.getOrDefault(key, -1L));
    }
  }

  @Example
  void hasNoRoomForZero() {
    LongLongMap map = new LongLongMap(new Scratch(TEMPORARY, 1000));
    assertThatIllegalArgumentException().isThrownBy(() -> map.put(0, 1));
    assertThat(map.has(0)).isFalse();
  }
}
