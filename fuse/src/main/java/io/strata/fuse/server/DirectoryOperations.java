package io.strata.fuse.server;

import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.DirectoryPage;
import io.strata.fuse.abi.DirectoryRequest;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.abi.Reply;
import java.lang.foreign.MemorySegment;

/** Answers requests about open directories. */
final class DirectoryOperations {
  private final FileSystem fileSystem;
  private final OpenHandles handles;
  private final Lifetimes lifetimes;

  DirectoryOperations(FileSystem fileSystem, OpenHandles handles, Lifetimes lifetimes) {
    this.fileSystem = fileSystem;
    this.handles = handles;
    this.lifetimes = lifetimes;
  }

  Reply answer(Call call, DirectoryRequest request, OpenMode openMode) throws FsException {
    return switch (request) {
      case DirectoryRequest.OpenDirectory _ -> {
        Ino ino = call.node();
        long handle = fileSystem.openDirectory(call.caller(), ino);
        handles.directoryOpened(handle, ino);
        // The kernel is not to cache entries: it would send one handle's cookies to another.
        yield new Reply.Opened(handle, 0);
      }
      case DirectoryRequest.ReadDirectory read -> {
        handles.require(call.caller(), call.node(), read.handle());
        MemorySegment body = call.body(read.size());
        DirectoryPage page =
            read.plus()
                ? DirectoryPage.ofAttributes(
                    body, lifetimes.withSubmounts(openMode.submounts()), call.ids())
                : DirectoryPage.ofNames(body);
        fileSystem.readDirectory(call.caller(), read.handle(), read.cookie(), read.plus(), page);
        yield page.reply();
      }
      case DirectoryRequest.ReleaseDirectory release -> {
        handles.release(call.caller(), call.nodeOfAnyEra(), release.handle());
        yield Reply.Done.DONE;
      }
      case DirectoryRequest.SyncDirectory sync -> {
        handles.require(call.caller(), call.node(), sync.handle());
        fileSystem.sync(call.caller(), sync.handle(), false);
        yield Reply.Done.DONE;
      }
    };
  }
}
