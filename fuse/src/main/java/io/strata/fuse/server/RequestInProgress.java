package io.strata.fuse.server;

import io.strata.fs.Caller;
import io.strata.fs.continuity.Client;
import io.strata.fs.continuity.EarlierRequest;
import io.strata.fs.continuity.RequestRecord;
import io.strata.fuse.abi.DirectoryRequest;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.NodeIds;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.abi.ReplyHeader;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.RequestHeader;
import org.jspecify.annotations.Nullable;

/**
 * A request that has come and is not answered yet.
 *
 * @param began when it came, as {@code Clock.nanoTime}
 * @param record what a later process may need to know of it; null if it changes nothing
 * @param earlier what it has done in an earlier process; null if nothing
 */
record RequestInProgress(
    Exchange exchange,
    RequestHeader header,
    Opcode opcode,
    Request request,
    long began,
    @Nullable RequestRecord record,
    @Nullable EarlierRequest earlier) {
  RequestInProgress(
      Exchange exchange, RequestHeader header, Opcode opcode, Request request, long began) {
    this(exchange, header, opcode, request, began, null, null);
  }

  /** The same, remembered by its client. */
  RequestInProgress of(Client client) {
    EarlierRequest before = client.earlier(header.unique());
    return new RequestInProgress(
        exchange, header, opcode, request, began, client.request(header.unique()), before);
  }

  /** The same, ready to wait: it holds no large buffer if others need it. */
  RequestInProgress readyToWait() {
    int replyBytes = ReplyRoom.bytes(request);
    return switch (request) {
      case FileRequest.Read _, DirectoryRequest.ReadDirectory _ ->
          on(exchange.withDataReplyOnly(replyBytes), request);
      case FileRequest.Write write -> {
        Exchange kept = exchange.withRequestKept(replyBytes);
        yield on(kept, write.withDataOf(kept.request()));
      }
      default -> on(exchange.withReplyOnly(replyBytes), request);
    };
  }

  private RequestInProgress on(Exchange other, Request same) {
    return new RequestInProgress(other, header, opcode, same, began, record, earlier);
  }

  /** What the filesystem needs to know. */
  Call call(boolean mayWait, NodeIds ids) {
    return new Call(
        new Caller(header.uid(), header.gid(), header.pid(), mayWait, record),
        ids,
        header.nodeId(),
        exchange.reply().asSlice(ReplyHeader.BYTES));
  }

  /** For logs. */
  String describe() {
    return "%s of node %d by process %d (request %d)"
        .formatted(opcode, header.nodeId(), header.pid(), header.unique());
  }
}
