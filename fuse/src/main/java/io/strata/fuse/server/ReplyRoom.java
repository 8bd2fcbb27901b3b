package io.strata.fuse.server;

import io.strata.fuse.abi.DirectoryRequest;
import io.strata.fuse.abi.EntryRequest;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.LockRequest;
import io.strata.fuse.abi.NodeRequest;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.SessionRequest;
import io.strata.fuse.abi.XattrRequest;

/** How much room the reply to a request needs. */
final class ReplyRoom {
  /** Enough for all replies of fixed size, and for the target of any symbolic link. */
  private static final int SMALL_BYTES = ReplyHeader.BYTES + 4096;

  /** The largest extended attribute, or list of their names, that Linux lets through. */
  private static final int XATTR_BYTES_MAX = 65536;

  private ReplyRoom() {}

  /** Bytes for the reply, header included. */
  static int bytes(Request request) {
    return switch (request) {
      case FileRequest.Read read -> data(read.size());
      case DirectoryRequest.ReadDirectory read -> data(read.size());
      case XattrRequest.Get get -> xattr(get.size());
      case XattrRequest.ListNames list -> xattr(list.size());
      case XattrRequest _, EntryRequest _, NodeRequest _ -> SMALL_BYTES;
      case FileRequest _, LockRequest _, DirectoryRequest _, SessionRequest _ -> SMALL_BYTES;
      case Request.Unsupported _ -> SMALL_BYTES;
    };
  }

  private static int data(int size) {
    return Math.max(SMALL_BYTES, (int) Math.min(ReplyHeader.BYTES + (long) size, Integer.MAX_VALUE));
  }

  private static int xattr(int size) {
    return Math.max(SMALL_BYTES, ReplyHeader.BYTES + Math.min(size, XATTR_BYTES_MAX));
  }
}
