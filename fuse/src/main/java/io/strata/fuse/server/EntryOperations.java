package io.strata.fuse.server;

import io.strata.fs.Attributes;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fuse.abi.EntryRequest;
import io.strata.fuse.abi.Flags;
import io.strata.fuse.abi.Lifetimes;
import io.strata.fuse.abi.Reply;
import java.time.Duration;

/** Answers requests about names. */
final class EntryOperations {
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_REGULAR = 0100000;

  private final FileSystem fileSystem;
  private final OpenHandles handles;
  private final Lifetimes lifetimes;

  EntryOperations(FileSystem fileSystem, OpenHandles handles, Lifetimes lifetimes) {
    this.fileSystem = fileSystem;
    this.handles = handles;
    this.lifetimes = lifetimes;
  }

  Reply answer(Call call, EntryRequest request, OpenMode openMode) throws FsException {
    return switch (request) {
      case EntryRequest.Lookup lookup -> lookup(call, lookup.name(), openMode);
      case EntryRequest.LookupSelf _ -> entry(call, fileSystem.attributes(call.caller(), call.node()), openMode);
      case EntryRequest.LookupParent _ -> entry(call, fileSystem.parent(call.caller(), call.node()), openMode);
      case EntryRequest.MakeNode make -> {
        NewNode node = new NewNode(make.mode() & ~make.umask(), make.device());
        yield entry(
            call, fileSystem.make(call.caller(), call.node(), make.name(), node), openMode);
      }
      case EntryRequest.MakeDirectory make -> {
        NewNode node = new NewNode(TYPE_DIRECTORY | (make.mode() & ~make.umask()), 0);
        yield entry(
            call, fileSystem.make(call.caller(), call.node(), make.name(), node), openMode);
      }
      case EntryRequest.Symlink link ->
          entry(
              call,
              fileSystem.symlink(call.caller(), call.node(), link.name(), link.target()),
              openMode);
      case EntryRequest.Link link ->
          entry(
              call,
              fileSystem.link(call.caller(), call.ino(link.target()), call.node(), link.name()),
              openMode);
      case EntryRequest.Unlink unlink -> {
        fileSystem.unlink(call.caller(), call.node(), unlink.name());
        yield Reply.Done.DONE;
      }
      case EntryRequest.RemoveDirectory remove -> {
        fileSystem.removeDirectory(call.caller(), call.node(), remove.name());
        yield Reply.Done.DONE;
      }
      case EntryRequest.Rename rename -> rename(call, rename);
      case EntryRequest.Create create -> {
        NewNode node = new NewNode(TYPE_REGULAR | (create.mode() & ~create.umask()), 0);
        int flags = openMode.flags(create.flags());
        yield created(
            call,
            fileSystem.create(call.caller(), call.node(), create.name(), node, flags),
            create.flags(),
            openMode);
      }
      case EntryRequest.CreateUnnamed create -> {
        NewNode node = new NewNode(TYPE_REGULAR | (create.mode() & ~create.umask()), 0);
        int flags = openMode.flags(create.flags());
        yield created(
            call,
            fileSystem.createUnnamed(call.caller(), call.node(), node, flags),
            create.flags(),
            openMode);
      }
    };
  }

  /** Tells of an inode that a request has made before. */
  Reply tell(Call call, Ino ino, OpenMode openMode) throws FsException {
    return entry(call, fileSystem.attributes(call.caller(), ino), openMode);
  }

  /** Opens a file that a request has made before. */
  Reply open(Call call, Ino ino, int flags, OpenMode openMode) throws FsException {
    long handle = fileSystem.open(call.caller(), ino, openMode.flags(flags));
    try {
      return created(
          call,
          new Opened(fileSystem.attributes(call.caller(), ino), handle), flags, openMode);
    } catch (FsException e) {
      fileSystem.release(handle);
      throw e;
    }
  }

  private Reply lookup(Call call, FileName name, OpenMode openMode) throws FsException {
    try {
      return entry(call, fileSystem.lookup(call.caller(), call.node(), name), openMode);
    } catch (FsException e) {
      Duration absent = lifetimes.ofAbsentName(call.node());
      if (e.errno() == Errno.ENOENT && absent.isPositive()) {
        return new Reply.NoEntry(absent);
      }
      throw e;
    }
  }

  private Reply rename(Call call, EntryRequest.Rename rename) throws FsException {
    RenameMode mode =
        switch (rename.flags()) {
          case 0 -> RenameMode.REPLACE;
          case Flags.RENAME_NO_REPLACE -> RenameMode.NO_REPLACE;
          case Flags.RENAME_EXCHANGE -> RenameMode.EXCHANGE;
          default -> throw new FsException(Errno.EINVAL, "rename flags " + rename.flags());
        };
    fileSystem.rename(
        call.caller(),
        call.node(),
        rename.name(),
        call.ino(rename.newParent()),
        rename.newName(),
        mode);
    return Reply.Done.DONE;
  }

  private Reply.Entry entry(Call call, Attributes attributes, OpenMode openMode) {
    return new Reply.Entry(
        call.ids().of(attributes.ino()),
        attributes,
        lifetimes.withSubmounts(openMode.submounts()));
  }

  private Reply created(Call call, Opened opened, int flags, OpenMode openMode) {
    handles.fileOpened(opened.handle(), opened.attributes().ino(), OpenFlags.writes(flags));
    return new Reply.Created(
        entry(call, opened.attributes(), openMode),
        new Reply.Opened(
            opened.handle(), openMode.openedFlags(opened.attributes().ino(), false)));
  }
}
