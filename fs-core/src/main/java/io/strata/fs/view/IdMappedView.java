package io.strata.fs.view;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.DirectoryReader;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.HandleNumber;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Shows a guest owners under its own numbers, as an idmapped mount of Linux does.
 *
 * <p>An owner that has no number there appears as nobody (65534). What belongs to such an owner can
 * be read, as far as its mode lets nobody, and not changed, whatever the guest's kernel says: EACCES
 * for opening to write and for changing a directory's entries or extended attributes, EPERM for
 * attributes, EOVERFLOW for its names. A caller without an id in the volume can make nothing
 * (EOVERFLOW).
 */
final class IdMappedView extends ForwardingFileSystem {
  private final IdMap uids;
  private final IdMap gids;

  IdMappedView(FileSystem to, IdMap uids, IdMap gids) {
    super(to);
    this.uids = uids;
    this.gids = gids;
  }

  private Attributes shown(Attributes attributes) {
    return attributes.withOwner(
        uids.toGuest(attributes.uid()), gids.toGuest(attributes.gid()));
  }

  private Opened shown(Opened opened) {
    return new Opened(shown(opened.attributes()), opened.handle());
  }

  /** The caller as the owner of what it makes. */
  private Caller maker(Caller caller) throws FsException {
    return caller.as(uids.toVolume(caller.uid()), gids.toVolume(caller.gid()));
  }

  private boolean isMapped(Attributes attributes) {
    return uids.isMapped(attributes.uid()) && gids.isMapped(attributes.gid());
  }

  private void requireMapped(Caller caller, Ino ino, Errno errno) throws FsException {
    if (!isMapped(to.attributes(caller, ino))) {
      throw new FsException(errno, "the owner of inode " + ino + " is not mapped");
    }
  }

  private void requireEntriesChangeable(Caller caller, Ino directory) throws FsException {
    requireMapped(caller, directory, Errno.EACCES);
  }

  /** What has this name, if anything, can lose it. */
  private void requireRemovable(Caller caller, Ino parent, FileName name) throws FsException {
    try {
      if (isMapped(to.lookup(caller, parent, name))) {
        return;
      }
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw e;
    }
    throw new FsException(Errno.EOVERFLOW, "the owner of " + name + " is not mapped");
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return shown(to.lookup(caller, parent, name));
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    return shown(to.parent(caller, ino));
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    return shown(to.attributes(caller, ino));
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    requireMapped(caller, ino, Errno.EPERM);
    AttributeChange mapped =
        new AttributeChange(
            change.mode(),
            mapped(uids, change.uid()),
            mapped(gids, change.gid()),
            change.size(),
            change.accessed(),
            change.modified(),
            change.changed(),
            change.clearSetId());
    return shown(to.change(caller, ino, mapped, handle));
  }

  private static @Nullable Integer mapped(IdMap map, @Nullable Integer guestId)
      throws FsException {
    return guestId == null ? null : (Integer) map.toVolume(guestId);
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    requireEntriesChangeable(caller, parent);
    return shown(to.make(maker(caller), parent, name, node));
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    requireEntriesChangeable(caller, parent);
    return shown(to.symlink(maker(caller), parent, name, target));
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    requireMapped(caller, ino, Errno.EOVERFLOW);
    requireEntriesChangeable(caller, newParent);
    return shown(to.link(caller, ino, newParent, newName));
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    requireEntriesChangeable(caller, parent);
    requireRemovable(caller, parent, name);
    to.unlink(caller, parent, name);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    requireEntriesChangeable(caller, parent);
    requireRemovable(caller, parent, name);
    to.removeDirectory(caller, parent, name);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    requireEntriesChangeable(caller, parent);
    requireEntriesChangeable(caller, newParent);
    requireRemovable(caller, parent, name);
    requireRemovable(caller, newParent, newName);
    to.rename(caller, parent, name, newParent, newName, mode);
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    requireOpenable(caller, ino, flags);
    return to.open(caller, ino, flags);
  }

  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    Optional<HandleNumber> number = HandleNumber.decode(handle);
    if (number.isPresent()) {
      requireOpenable(caller, ino, number.get().flags());
    }
    to.adopt(caller, ino, handle, claim);
  }

  private void requireOpenable(Caller caller, Ino ino, int flags) throws FsException {
    if (OpenFlags.writes(flags) || (flags & OpenFlags.TRUNCATE) != 0) {
      requireMapped(caller, ino, Errno.EACCES);
    }
  }

  /**
   * Makes a file, or opens the one that has the name: never through the filesystem's own step for
   * both, which would not look who owns it.
   */
  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    while (true) {
      Attributes there;
      try {
        there = to.lookup(caller, parent, name);
      } catch (FsException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
        requireEntriesChangeable(caller, parent);
        try {
          return shown(to.create(maker(caller), parent, name, node, flags | OpenFlags.EXCLUSIVE));
        } catch (FsException lost) {
          if (lost.errno() != Errno.EEXIST) {
            throw lost;
          }
          continue;
        }
      }
      if ((flags & OpenFlags.EXCLUSIVE) != 0) {
        throw new FsException(Errno.EEXIST, name + " exists");
      }
      return new Opened(shown(there), open(caller, there.ino(), flags));
    }
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    requireEntriesChangeable(caller, parent);
    return shown(to.createUnnamed(maker(caller), parent, node, flags));
  }

  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    to.readDirectory(
        caller,
        handle,
        cookie,
        withAttributes,
        (name, ino, type, next, attributes) ->
            reader.entry(name, ino, type, next, attributes == null ? null : shown(attributes)));
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    requireMapped(caller, ino, Errno.EACCES);
    to.setExtendedAttribute(caller, ino, name, value, flags);
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    requireMapped(caller, ino, Errno.EACCES);
    to.removeExtendedAttribute(caller, ino, name);
  }
}
