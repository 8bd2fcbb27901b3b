package io.strata.fsck.dump;

import io.strata.fs.schema.Mutation;
import io.strata.store.Nonce;
import java.time.Instant;

/** What a line of a dump says. */
sealed interface DumpLine {
  /** Version of the format. */
  int VERSION = 1;

  /** The first: what was dumped. */
  record Begin(DumpHeader header) implements DumpLine {}

  /** A state that was kept under a name. For people: loading does not bring it back. */
  record Snapshot(String name, long head, Instant time) implements DumpLine {}

  /** An inode, attribute, name, extent or mark of an orphan. */
  record Entry(Mutation.Put put) implements DumpLine {}

  /**
   * A segment that extents refer to, or that is never to be deleted.
   *
   * @param objectBytes length of the object
   * @param logicalBytes how many bytes of files it holds
   */
  record Segment(Nonce nonce, long objectBytes, long logicalBytes, boolean forEver)
      implements DumpLine {}

  /**
   * The last.
   *
   * @param crc of all bytes before it, CRC32C
   */
  record End(DumpCounts counts, int crc) implements DumpLine {}
}
