package io.strata.fuse.mount;

import io.strata.fuse.linux.Mounts;
import io.strata.fuse.server.SessionOptions;
import java.util.EnumSet;
import java.util.Set;

/**
 * How to mount.
 *
 * @param source what the mount shows as its source: the volume's URL
 * @param flags what the kernel handles
 * @param allowOther whether users other than the one who mounts may enter
 * @param readers threads that read requests, 1 to 64
 * @param bufferBytesMax memory for requests in progress; when it is used up no more are read
 * @param session how the session behaves
 */
public record MountOptions(
    String source,
    Set<MountFlag> flags,
    boolean allowOther,
    int readers,
    long bufferBytesMax,
    SessionOptions session) {
  /** More only wait for each other. */
  private static final int READERS_MAX = 64;

  /** The kernel wakes idle readers in turn, so that many of them only cool the caches. */
  private static final int READERS_STANDARD_MAX = 4;

  private static final long BUFFER_BYTES_STANDARD = 128L << 20;

  public MountOptions {
    if (source.isEmpty() || source.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a mount needs a source to show");
    }
    if (readers < 1 || readers > READERS_MAX) {
      throw new IllegalArgumentException("readers must be 1 to 64, not " + readers);
    }
    if (bufferBytesMax < 1) {
      throw new IllegalArgumentException("no memory for requests: " + bufferBytesMax);
    }
    flags = Set.copyOf(flags);
  }

  /** What suits most: others may enter if root mounts, whose permissions the kernel checks. */
  public static MountOptions of(String source) {
    int readers = Math.clamp(Runtime.getRuntime().availableProcessors(), 2, READERS_STANDARD_MAX);
    return new MountOptions(
        source,
        EnumSet.noneOf(MountFlag.class),
        Mounts.effectiveUid() == 0,
        readers,
        BUFFER_BYTES_STANDARD,
        SessionOptions.standard());
  }

  /** The same with a flag. */
  public MountOptions with(MountFlag flag) {
    EnumSet<MountFlag> more = EnumSet.of(flag);
    more.addAll(flags);
    return withFlags(more);
  }

  /** The same without a flag. */
  public MountOptions without(MountFlag flag) {
    EnumSet<MountFlag> fewer = EnumSet.noneOf(MountFlag.class);
    fewer.addAll(flags);
    fewer.remove(flag);
    return withFlags(fewer);
  }

  private MountOptions withFlags(Set<MountFlag> flags) {
    return new MountOptions(source, flags, allowOther, readers, bufferBytesMax, session);
  }

  /** The same with others allowed or not. */
  public MountOptions withAllowOther(boolean allowOther) {
    return new MountOptions(source, flags, allowOther, readers, bufferBytesMax, session);
  }

  /** The same with another number of readers. */
  public MountOptions withReaders(int readers) {
    return new MountOptions(source, flags, allowOther, readers, bufferBytesMax, session);
  }

  /** The same with another session. */
  public MountOptions withSession(SessionOptions session) {
    return new MountOptions(source, flags, allowOther, readers, bufferBytesMax, session);
  }
}
