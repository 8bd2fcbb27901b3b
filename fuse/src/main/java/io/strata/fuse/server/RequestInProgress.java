package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.RequestHeader;

/**
 * A request that has come and is not answered yet.
 *
 * @param began when it came, as {@code Clock.nanoTime}
 */
record RequestInProgress(
    Exchange exchange, RequestHeader header, Opcode opcode, Request request, long began) {
  /** The same, ready to wait: it holds no large buffer unless it moves data. */
  RequestInProgress readyToWait() {
    if (ReplyRoom.movesData(request)) {
      return this;
    }
    Exchange smaller = exchange.withReplyOnly(ReplyRoom.bytes(request));
    return new RequestInProgress(smaller, header, opcode, request, began);
  }

  /** What the filesystem needs to know. */
  Call call(boolean mayWait) {
    return new Call(
        new Caller(header.uid(), header.gid(), header.pid(), mayWait),
        header.nodeId(),
        exchange.reply().asSlice(ReplyHeader.BYTES));
  }

  /** For logs. */
  String describe() {
    return "%s of node %d by process %d (request %d)"
        .formatted(opcode, header.nodeId(), header.pid(), header.unique());
  }
}
