package io.strata.fsck.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.TreeKeys;
import io.strata.fsck.scratch.Scratch;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class OverlayTest {
  /** Where tables go that do not fit into a few bytes. */
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  /** No value that an orphan has. */
  private static final byte[] BELOW = {1, 1};

  /** Reading through changes is reading a map that was changed. */
  @Property(tries = 500)
  void readsAsIfTheChangesHadBeenMade(
      @ForAll @Size(max = 30) Set<@LongRange(min = 1, max = 40) Long> stored,
      @ForAll @Size(max = 30) Map<@LongRange(min = 1, max = 40) Long, Boolean> changes,
      @ForAll @LongRange(min = 1, max = 41) long oneEnd,
      @ForAll @LongRange(min = 1, max = 41) long otherEnd)
      throws StoreException, InterruptedException {
    Overlay overlay = new Overlay(new Scratch(TEMPORARY, 1000));
    NavigableMap<Long, Boolean> model = new TreeMap<>();
    stored.forEach(ino -> model.put(ino, false));
    changes.forEach(
        (ino, put) -> {
          overlay.apply(
              List.of(
                  put
                      ? new Mutation.OrphanPut(new Ino(ino))
                      : new Mutation.OrphanDelete(new Ino(ino))));
          if (put) {
            model.put(ino, true);
          } else {
            model.remove(ino);
          }
        });

    long from = Math.min(oneEnd, otherEnd);
    long to = Math.max(oneEnd, otherEnd);
    KeyRange range = new KeyRange(key(from), key(to));
    List<String> seen = new ArrayList<>();
    Overlay.Merge merge =
        overlay.onto(
            range, (key, value) -> seen.add(ino(key) + (Arrays.equals(value, BELOW) ? "" : "+")));
    for (long ino : new TreeSet<>(stored)) {
      if (ino >= from && ino < to) {
        merge.entry(key(ino), BELOW);
      }
    }
    merge.end();

    List<String> expected = new ArrayList<>();
    if (from < to) {
      model.subMap(from, to).forEach((ino, changed) -> expected.add(ino + (changed ? "+" : "")));
    }
    assertThat(seen).isEqualTo(expected);
  }

  private static byte[] key(long ino) {
    return TreeKeys.orphan(new Ino(ino));
  }

  private static long ino(byte[] key) {
    return ByteBuffer.wrap(key).getLong(9);
  }
}
