package io.strata.fuse.server;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.fs.OpenFlags;
import io.strata.fs.continuity.EarlierRequest;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.EntryRequest;
import io.strata.fuse.abi.FileRequest;
import io.strata.fuse.abi.NodeRequest;
import io.strata.fuse.abi.Reply;
import io.strata.fuse.abi.Request;
import io.strata.fuse.abi.XattrRequest;

/**
 * Answers requests that come again after a restart and have taken effect before it: from what is
 * there now, without doing anything twice.
 *
 * <p>What writes one group is done if that group is there. What may write several, all of them for
 * bytes or a length, is done if it is known to have finished; if not it is run again from its
 * start: it ended with the process, so nothing began after it.
 */
final class RepeatedRequests {
  private static final int NOT_AGAIN = OpenFlags.EXCLUSIVE | OpenFlags.TRUNCATE;

  private final Dispatcher dispatcher;

  RepeatedRequests(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  Reply answer(Call call, Request request, OpenMode openMode, EarlierRequest earlier)
      throws FsException {
    if (!earlier.certain()) {
      throw new FsException(Errno.EIO, "nobody knows whether the request has taken effect");
    }
    if (request instanceof EntryRequest entry) {
      return entry(call, entry, openMode, earlier);
    }
    if (request instanceof XattrRequest) {
      return Reply.Done.DONE;
    }
    if (request instanceof FileRequest.Write write && FileOperations.appends(write, openMode)) {
      return new Reply.Written(Math.toIntExact(write.data().byteSize()));
    }
    return earlier.finished()
        ? finished(call, request, openMode, earlier.result())
        : dispatcher.answer(call, request, openMode);
  }

  private Reply entry(Call call, EntryRequest request, OpenMode openMode, EarlierRequest earlier)
      throws FsException {
    Ino made = earlier.made();
    return switch (request) {
      case EntryRequest.Unlink _, EntryRequest.RemoveDirectory _, EntryRequest.Rename _ ->
          Reply.Done.DONE;
      case EntryRequest.Create create when made != null ->
          dispatcher.entries().open(call, made, create.flags() & ~NOT_AGAIN, openMode);
      case EntryRequest.Create create when earlier.finished() ->
          dispatcher.answer(call, onlyOpening(create), openMode);
      case EntryRequest.CreateUnnamed create when made != null ->
          unnamed(call, made, create, openMode);
      case EntryRequest.MakeNode _, EntryRequest.MakeDirectory _, EntryRequest.Symlink _
          when made != null ->
          dispatcher.entries().tell(call, made, openMode);
      case EntryRequest.Link _ when made != null -> dispatcher.entries().tell(call, made, openMode);
      case EntryRequest other -> dispatcher.answer(call, other, openMode);
    };
  }

  /** What was there under the name has been emptied already. */
  private static EntryRequest onlyOpening(EntryRequest.Create create) {
    return new EntryRequest.Create(
        create.name(), create.flags() & ~NOT_AGAIN, create.mode(), create.umask());
  }

  /** A file without a name may have gone with the process that made it. */
  private Reply unnamed(
      Call call, Ino made, EntryRequest.CreateUnnamed create, OpenMode openMode)
      throws FsException {
    try {
      return dispatcher.entries().open(call, made, create.flags() & ~NOT_AGAIN, openMode);
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE) {
        return dispatcher.answer(call, create, openMode);
      }
      throw e;
    }
  }

  private Reply finished(Call call, Request request, OpenMode openMode, long result)
      throws FsException {
    return switch (request) {
      case NodeRequest.SetAttributes _ ->
          dispatcher.answer(call, new NodeRequest.GetAttributes(0), openMode);
      case FileRequest.Open open ->
          dispatcher.answer(
              call,
              new FileRequest.Open(open.flags() & ~NOT_AGAIN, open.openFlags()),
              openMode);
      case FileRequest.Write _ -> new Reply.Written(Math.toIntExact(result));
      case FileRequest.Allocate _ -> Reply.Done.DONE;
      case FileRequest.CopyRange copy ->
          copy.wide() ? new Reply.Count(result) : new Reply.Written(Math.toIntExact(result));
      case Request other -> dispatcher.answer(call, other, openMode);
    };
  }
}
