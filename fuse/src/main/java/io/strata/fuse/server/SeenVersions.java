package io.strata.fuse.server;

import io.strata.fs.Attributes;
import io.strata.fs.schema.Timestamp;

/**
 * Remembers how files were when this kernel last opened them: of one that is still the same its
 * cached pages are right, as all of them were read since.
 *
 * <p>Remembers 8,192 files; two that fall on one slot displace each other, which costs a kernel its
 * cached pages and nothing else. Guarded by itself.
 */
final class SeenVersions {
  private static final int SLOTS = 8192;

  private final long[] inos = new long[SLOTS];
  private final long[] versions = new long[SLOTS];

  /**
   * Whether a file is as it was; remembers how it is now.
   *
   * @param now its attributes, from before it is opened: what changes between the two is seen as a
   *     change at the next opening
   */
  synchronized boolean unchanged(Attributes now) {
    long ino = now.ino().value();
    long version = version(now);
    int slot = (int) (mix(ino) >>> 51);
    boolean same = inos[slot] == ino && versions[slot] == version;
    inos[slot] = ino;
    versions[slot] = version;
    return same;
  }

  /** All changes of a file's bytes change these, whatever utimens(2) says. */
  private static long version(Attributes attributes) {
    return mix(mix(mix(attributes.size()) + time(attributes.modified())) + time(attributes.changed()));
  }

  private static long time(Timestamp time) {
    return time.seconds() * 1_000_000_000L + time.nanos();
  }

  private static long mix(long value) {
    long mixed = (value ^ value >>> 32) * 0x9e3779b97f4a7c15L;
    return (mixed ^ mixed >>> 29) * 0xbf58476d1ce4e5b9L;
  }
}
