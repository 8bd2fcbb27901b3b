package io.strata.fuse.server;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.abi.NodeRequest;
import io.strata.fuse.abi.Reply;
import io.strata.platform.Clock;
import org.jspecify.annotations.Nullable;

/** Answers requests about inodes. */
final class NodeOperations {
  private static final int PERMISSIONS = 07777;

  /** What the kernel sets when it writes back an inode whose times it has kept. */
  private static final int KEPT_TIMES = Flags.SET_MTIME | Flags.SET_CTIME;

  private final FileSystem fileSystem;
  private final OpenHandles handles;
  private final Lifetimes lifetimes;
  private final Clock clock;

  NodeOperations(
      FileSystem fileSystem, OpenHandles handles, Lifetimes lifetimes, Clock clock) {
    this.fileSystem = fileSystem;
    this.handles = handles;
    this.lifetimes = lifetimes;
    this.clock = clock;
  }

  Reply answer(Call call, NodeRequest request) throws FsException {
    return switch (request) {
      case NodeRequest.GetAttributes get -> {
        if (get.handle() != 0) {
          handles.require(call.caller(), call.node(), get.handle());
        }
        yield attributes(fileSystem.attributes(call.caller(), call.node()));
      }
      case NodeRequest.GetStatx _ ->
          new Reply.Statx(fileSystem.attributes(call.caller(), call.node()), lifetimes);
      case NodeRequest.SetAttributes set -> attributes(set(call, set));
      case NodeRequest.ReadLink _ ->
          new Reply.Bytes(fileSystem.readLink(call.caller(), call.node()));
      // The kernel checks permissions itself (default_permissions) and asks no more after this.
      case NodeRequest.Access _ -> throw new FsException(Errno.ENOSYS, "the kernel checks access");
      case NodeRequest.StatFs _ -> new Reply.Space(fileSystem.spaceUse(call.caller(), call.node()));
    };
  }

  private Attributes set(Call call, NodeRequest.SetAttributes set) throws FsException {
    try {
      if (set.has(Flags.SET_HANDLE)) {
        handles.require(call.caller(), call.node(), set.handle());
      }
      return fileSystem.change(call.caller(), call.node(), change(set), set.handle());
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE && (set.valid() & ~Flags.SET_HANDLE) == KEPT_TIMES) {
        return nobody(call, set);
      }
      throw e;
    }
  }

  /**
   * The writeback cache keeps times, and writes those of a file back as well that was removed, or that
   * another has taken the place of. An error would
   * be noted against the mount, and every later syncfs(2) would fail with it.
   *
   * @throws FsException if it is not the inode that is gone but the volume
   */
  private Attributes nobody(Call call, NodeRequest.SetAttributes set) throws FsException {
    Attributes root = fileSystem.attributes(call.caller(), Ino.ROOT);
    return new Attributes(
        call.nodeOfAnyEra(),
        FileType.REGULAR.code() << 12,
        0,
        root.uid(),
        root.gid(),
        0,
        0,
        0,
        set.modified(),
        set.modified(),
        set.changed(),
        set.changed());
  }

  private Reply attributes(Attributes attributes) {
    return new Reply.NodeAttributes(attributes, lifetimes);
  }

  private AttributeChange change(NodeRequest.SetAttributes set) {
    return new AttributeChange(
        set.has(Flags.SET_MODE) ? set.mode() & PERMISSIONS : null,
        set.has(Flags.SET_UID) ? set.uid() : null,
        set.has(Flags.SET_GID) ? set.gid() : null,
        set.has(Flags.SET_SIZE) ? set.size() : null,
        time(set, Flags.SET_ATIME, Flags.SET_ATIME_NOW, set.accessed()),
        time(set, Flags.SET_MTIME, Flags.SET_MTIME_NOW, set.modified()),
        set.has(Flags.SET_CTIME) ? set.changed() : null,
        set.has(Flags.SET_KILL_SUIDGID));
  }

  private @Nullable Timestamp time(
      NodeRequest.SetAttributes set, int bit, int nowBit, Timestamp value) {
    if (!set.has(bit)) {
      return null;
    }
    return set.has(nowBit) ? Timestamp.of(clock.now()) : value;
  }
}
