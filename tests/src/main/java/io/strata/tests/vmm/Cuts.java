package io.strata.tests.vmm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Cuts a request into the buffers that descriptors name. A device must take any cut (virtio 1.2,
 * 2.6.4: message framing). Confined to one thread at a time.
 */
@FunctionalInterface
public interface Cuts {
  /** Lengths of the pieces that {@code length} bytes are cut into, headers and data apart already. */
  List<Integer> cut(int length);

  /** As Linux does: pages. */
  static Cuts pages() {
    return length -> {
      List<Integer> pieces = new ArrayList<>();
      for (int left = length; left > 0; left -= 4096) {
        pieces.add(Math.min(left, 4096));
      }
      return pieces;
    };
  }

  /** Anywhere, also within a header. */
  static Cuts anywhere(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return length -> {
      List<Integer> pieces = new ArrayList<>();
      int left = length;
      while (left > 0) {
        int most = pieces.size() < 16 ? Math.min(left, 1 + length / 4) : left;
        int piece = pieces.size() < 16 ? random.nextInt(1, most + 1) : left;
        pieces.add(piece);
        left -= piece;
      }
      return pieces;
    };
  }
}
