package io.strata.fuse.server;

import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Lifetimes;
import java.time.Duration;

/** How much a kernel may keep of a volume that others may change at the same time. */
public enum CacheMode {
  /**
   * Nothing: every look at a name, at attributes or at data asks, and two kernels see each other's
   * changes at once. Shared mappings work where the kernel can map what it does not cache (Linux
   * 6.6).
   */
  NEVER,

  /**
   * Names and attributes for a second; data until the attributes tell that it has changed, or the
   * file is opened and was changed since it was last.
   */
  AUTO,

  /** Everything for long: right where only one kernel changes what it sees. */
  ALWAYS;

  private static final Lifetimes NOTHING =
      new Lifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO);
  private static final Lifetimes SHORT =
      new Lifetimes(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
  private static final Lifetimes LONG =
      new Lifetimes(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));

  /** How long names and attributes are kept. */
  public Lifetimes lifetimes() {
    return switch (this) {
      case NEVER -> NOTHING;
      case AUTO -> SHORT;
      case ALWAYS -> LONG;
    };
  }

  /** The flags of INIT that only some modes want. */
  long initFlags() {
    return switch (this) {
      // Nothing that reading a directory brings along would outlive the answer. Pages that are
      // mapped are cached all the same.
      case NEVER -> InitFlags.AUTO_INVAL_DATA | InitFlags.DIRECT_IO_ALLOW_MMAP;
      case AUTO ->
          InitFlags.AUTO_INVAL_DATA | InitFlags.DO_READDIRPLUS | InitFlags.READDIRPLUS_AUTO;
      // Nobody else changes the data: cached pages are wrong only if we say so.
      case ALWAYS ->
          InitFlags.EXPLICIT_INVAL_DATA | InitFlags.DO_READDIRPLUS | InitFlags.READDIRPLUS_AUTO;
    };
  }

  /**
   * {@code Flags.OPENED_*} for a file.
   *
   * @param unchanged whether it is as it was when this kernel last opened it
   */
  int openedFlags(boolean unchanged) {
    return switch (this) {
      // Each write is atomic here: the kernel need not send them one after another.
      case NEVER -> Flags.OPENED_DIRECT_IO | Flags.OPENED_PARALLEL_DIRECT_WRITES;
      case AUTO -> unchanged ? Flags.OPENED_KEEP_CACHE : 0;
      case ALWAYS -> Flags.OPENED_KEEP_CACHE;
    };
  }
}
