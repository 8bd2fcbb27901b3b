package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fuse.abi.InitFlags;
import io.strata.fuse.abi.Reply;
import io.strata.fuse.abi.SessionRequest;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What kernel and server agreed on.
 *
 * @param minor version of the protocol, {@link #MINOR_MIN} to {@link #MINOR_MAX}
 * @param flags {@link InitFlags} that both want
 * @param maxWrite payload of a WRITE in bytes
 */
public record Negotiated(int minor, long flags, int maxWrite) {
  /** Oldest minor version that is served (Linux 5.4). */
  public static final int MINOR_MIN = 31;

  /** Newest minor version that is known (Linux 6.18). */
  public static final int MINOR_MAX = 45;

  /** Version of the form that outlives the process. */
  private static final int ENCODING = 1;

  private static final int ENCODED_BYTES = 20;

  private static final long WANTED =
      InitFlags.ASYNC_READ
          | InitFlags.ATOMIC_O_TRUNC
          | InitFlags.EXPORT_SUPPORT
          | InitFlags.BIG_WRITES
          | InitFlags.ASYNC_DIO
          | InitFlags.PARALLEL_DIROPS
          | InitFlags.MAX_PAGES
          | InitFlags.CACHE_SYMLINKS
          | InitFlags.SUBMOUNTS
          | InitFlags.HANDLE_KILLPRIV_V2
          | InitFlags.SETXATTR_EXT
          | InitFlags.INIT_EXT;

  /**
   * Agrees with what a kernel of major version 7 offers.
   *
   * @param sharedLocks whether the kernel is to ask for its locks
   * @throws FsException EPROTO if it is too old
   */
  static Negotiated with(
      SessionRequest.Init offer, SessionOptions options, boolean sharedLocks) throws FsException {
    if (offer.major() < Reply.Initialized.MAJOR || offer.minor() < MINOR_MIN) {
      throw new FsException(
          Errno.EPROTO,
          "the kernel speaks FUSE %d.%d, at least %d.%d is needed"
              .formatted(offer.major(), offer.minor(), Reply.Initialized.MAJOR, MINOR_MIN));
    }
    long wanted = WANTED | options.cache().initFlags();
    if (options.writebackCache()) {
      wanted |= InitFlags.WRITEBACK_CACHE;
    }
    if (sharedLocks) {
      wanted |= InitFlags.POSIX_LOCKS | InitFlags.FLOCK_LOCKS;
    }
    return new Negotiated(
        Math.min(offer.minor(), MINOR_MAX), offer.flags() & wanted, options.requestBytesMax());
  }

  /** The answer to the kernel's offer. */
  Reply answer(SessionRequest.Init offer, SessionOptions options) {
    return new Reply.Initialized(
        minor,
        offer.maxReadahead(),
        flags,
        options.backgroundMax(),
        maxWrite,
        maxWrite / SessionOptions.PAGE_BYTES);
  }

  /** In a form that outlives the process. */
  byte[] encode() {
    return ByteBuffer.allocate(ENCODED_BYTES)
        .putInt(ENCODING)
        .putInt(minor)
        .putLong(flags)
        .putInt(maxWrite)
        .array();
  }

  /** What {@link #encode} wrote; empty if it is of another version. */
  static Optional<Negotiated> decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length != ENCODED_BYTES || in.getInt() != ENCODING) {
      return Optional.empty();
    }
    return Optional.of(new Negotiated(in.getInt(), in.getLong(), in.getInt()));
  }

  /** Whether a flag was agreed on. */
  public boolean has(long flag) {
    return (flags & flag) != 0;
  }

  /** Whether the kernel mounts a directory by itself that is told to be the root of a snapshot. */
  boolean submounts() {
    return has(InitFlags.SUBMOUNTS);
  }

  /** Whether the kernel holds written data back. */
  public boolean writebackCache() {
    return has(InitFlags.WRITEBACK_CACHE);
  }
}
