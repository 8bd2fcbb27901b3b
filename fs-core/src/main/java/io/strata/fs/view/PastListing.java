package io.strata.fs.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.strata.fs.Attributes;
import io.strata.fs.DirectoryReader;
import io.strata.fs.PastNumber;
import io.strata.fs.PastState;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.util.List;

/**
 * What the directory of the snapshots looks like.
 *
 * @param above the directory that it is in
 * @param states the snapshots that have something to show of {@code above}, oldest first
 */
record PastListing(Attributes above, List<PastState> states) {
  private static final int MODE = FileType.DIRECTORY.code() << 12 | 0555;
  private static final byte[] SELF = ".".getBytes(US_ASCII);
  private static final byte[] PARENT = "..".getBytes(US_ASCII);
  private static final long SELF_COOKIE = 1;
  private static final long PARENT_COOKIE = 2;

  /** A snapshot that was made before a directory was has nothing of it. */
  static PastListing of(Attributes above, List<PastState> all) {
    Timestamp born = above.born();
    return new PastListing(
        above,
        above.ino().equals(Ino.ROOT)
            ? all
            : all.stream().filter(state -> state.time().compareTo(born) >= 0).toList());
  }

  /** It belongs to the directory's owner, and has changed when the last snapshot was made. */
  Attributes attributes() {
    Timestamp changed = states.isEmpty() ? above.born() : states.getLast().time();
    return new Attributes(
        PastNumber.DIRECTORY,
        MODE,
        2 + states.size(),
        above.uid(),
        above.gid(),
        0,
        states.size(),
        0,
        changed,
        changed,
        changed,
        above.born());
  }

  /**
   * Lists it. Attributes are never told, so that no snapshot is read for it: who wants them looks
   * the name up. Cookies are made of the heads' numbers and so hold whatever comes and goes.
   */
  void read(long cookie, DirectoryReader reader) {
    if (cookie < SELF_COOKIE
        && !reader.entry(
            SELF.clone(), PastNumber.DIRECTORY, FileType.DIRECTORY, SELF_COOKIE, null)) {
      return;
    }
    if (cookie < PARENT_COOKIE
        && !reader.entry(
            PARENT.clone(), above.ino(), FileType.DIRECTORY, PARENT_COOKIE, null)) {
      return;
    }
    for (PastState state : states) {
      long next = PARENT_COOKIE + state.head();
      if (next > cookie
          && !reader.entry(
              state.name().toBytes(), number(state), FileType.DIRECTORY, next, null)) {
        return;
      }
    }
  }

  private static Ino number(PastState state) {
    return new PastNumber(PastNumber.slot(state.head()), Ino.ROOT)
        .encode()
        .orElse(PastNumber.DIRECTORY);
  }
}
