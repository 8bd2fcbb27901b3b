package io.strata.fs.view;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import java.util.List;

/**
 * Which user or group ids of a guest are which of the volume.
 *
 * @param ranges none of which overlap, on either side; if there are none every id is itself
 */
public record IdMap(List<IdRange> ranges) {
  /** Every id is itself. */
  public static final IdMap SAME = new IdMap(List.of());

  /** What a guest is shown instead of an id that it has no number for: nobody. */
  static final int UNMAPPED = 65534;

  public IdMap {
    ranges = List.copyOf(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      for (IdRange earlier : ranges.subList(0, i)) {
        if (earlier.overlaps(ranges.get(i))) {
          throw new IllegalArgumentException(ranges.get(i) + " overlaps with " + earlier);
        }
      }
    }
  }

  boolean isSame() {
    return ranges.isEmpty();
  }

  /** Whether the guest has a number for an id of the volume. */
  boolean isMapped(int volumeId) {
    return isSame() || mapped(volumeId) >= 0;
  }

  /** The guest's number for an id of the volume, or {@link #UNMAPPED}. */
  int toGuest(int volumeId) {
    if (isSame()) {
      return volumeId;
    }
    long mapped = mapped(volumeId);
    return mapped >= 0 ? (int) mapped : UNMAPPED;
  }

  /** The volume's id for a number of the guest; EOVERFLOW if there is none. */
  int toVolume(int guestId) throws FsException {
    if (isSame()) {
      return guestId;
    }
    long id = Integer.toUnsignedLong(guestId);
    for (IdRange range : ranges) {
      if (id >= range.guest() && id - range.guest() < range.count()) {
        return (int) (range.volume() + id - range.guest());
      }
    }
    throw new FsException(Errno.EOVERFLOW, "id " + id + " of the guest is not mapped");
  }

  private long mapped(int volumeId) {
    long id = Integer.toUnsignedLong(volumeId);
    for (IdRange range : ranges) {
      if (id >= range.volume() && id - range.volume() < range.count()) {
        return range.guest() + id - range.volume();
      }
    }
    return -1;
  }
}
