package io.strata.fuse.server;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
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
      case NodeRequest.SetAttributes set -> {
        if (set.has(Flags.SET_HANDLE)) {
          handles.require(call.caller(), call.node(), set.handle());
        }
        yield attributes(
            fileSystem.change(call.caller(), call.node(), change(set), set.handle()));
      }
      case NodeRequest.ReadLink _ ->
          new Reply.Bytes(fileSystem.readLink(call.caller(), call.node()));
      // The kernel checks permissions itself (default_permissions) and asks no more after this.
      case NodeRequest.Access _ -> throw new FsException(Errno.ENOSYS, "the kernel checks access");
      case NodeRequest.StatFs _ -> new Reply.Space(fileSystem.spaceUse(call.caller()));
    };
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
