package io.strata.segment;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells from the blocks of a segment that were missing, one after the other, how many more will be
 * wanted: files that were written together lie side by side, and are often read together.
 *
 * <p>A miss that begins where the one before it ended, or a little behind, makes a run. From the third
 * on a window behind the miss is foreseen, which doubles each time. A miss elsewhere starts anew.
 * Guarded by its own monitor.
 */
final class MissRuns {
  /** 64 blocks, 4 MiB: more would be got in vain too often. */
  private static final int WINDOW_BITS_MAX = 6;

  /** Two in a row are often one read that was split. */
  private static final int RUN_MISSES_MIN = 3;

  /** Blocks that may be passed over: what was read and is cached, or of no interest. */
  private static final int GAP_BLOCKS_MAX = 2;

  private static final int SEGMENTS_MAX = 64;

  private final Map<Long, Run> runs =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Run> eldest) {
          return size() > SEGMENTS_MAX;
        }
      };

  /** Where a segment is expected to be read next, and how many misses have led there. */
  private record Run(int nextBlock, int length) {
    boolean goesOn(int first) {
      return first >= nextBlock && first <= nextBlock + GAP_BLOCKS_MAX;
    }
  }

  /**
   * Notes a miss.
   *
   * @param segment its nonce
   * @param first missing block
   * @param last missing block, inclusive
   * @param blockCount of the segment
   * @return how many blocks behind {@code last} to get now, 0 for none
   */
  synchronized int afterMiss(long segment, int first, int last, int blockCount) {
    Run before = runs.get(segment);
    int length = before != null && before.goesOn(first) ? before.length + 1 : 1;
    int window = length < RUN_MISSES_MIN ? 0 : 1 << Math.min(length - 1, WINDOW_BITS_MAX);
    int more = Math.min(window, blockCount - last - 1);
    runs.put(segment, new Run(last + 1 + more, length));
    return more;
  }
}
