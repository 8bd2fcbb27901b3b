package io.strata.fs.view;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.DirectoryReader;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.HandleClaim;
import io.strata.fs.NewNode;
import io.strata.fs.Opened;
import io.strata.fs.PastNumber;
import io.strata.fs.RenameMode;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows one directory as the root, and nothing outside of it.
 *
 * <p>Inode numbers are what a guest names inodes by, and they can be guessed: a number that the
 * guest has not come to from the root, by names that it looked up or made, is answered with ESTALE,
 * unless it is that of a directory within.
 * What it has come to it keeps, also when somebody else moves it out of the directory later, as an
 * open file or a working directory would be kept.
 */
final class SubtreeView extends ForwardingFileSystem {
  private final Ino top;
  private final ReachableInodes reachable;

  /** Shows {@code top}, which is not the volume's root. */
  SubtreeView(FileSystem to, Ino top, ReachableInodes reachable) {
    super(to);
    this.top = top;
    this.reachable = reachable;
  }

  /** What the guest means by a number. */
  private Ino in(Caller caller, Ino ino) throws FsException {
    if (ino.equals(Ino.ROOT)) {
      return top;
    }
    if (!reachable.contains(ino)) {
      // It may have come to it before this process began: of a directory that shows.
      requireDirectoryInside(caller, ino);
      reachable.add(ino);
    }
    return ino;
  }

  private void requireDirectoryInside(Caller caller, Ino ino) throws FsException {
    try {
      if (!ino.equals(top)) {
        requireInside(caller, ino);
        return;
      }
    } catch (FsException e) {
      if (e.errno() != Errno.ENOTDIR && e.errno() != Errno.ESTALE) {
        throw e;
      }
    }
    throw new FsException(Errno.ESTALE, "the guest knows no inode " + ino);
  }

  /** What was open for certain when an earlier process ended, the guest had come to. */
  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    if (claim.certain() && !ino.equals(Ino.ROOT)) {
      reachable.add(ino);
    }
    to.adopt(caller, in(caller, ino), handle, claim);
  }

  /** What the guest is told, and may come back with. */
  private Attributes out(Attributes attributes) {
    if (attributes.ino().equals(top)) {
      return attributes.withIno(Ino.ROOT);
    }
    reachable.add(attributes.ino());
    return attributes;
  }

  private Opened out(Opened opened) {
    return new Opened(out(opened.attributes()), opened.handle());
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    return out(to.lookup(caller, in(caller, parent), name));
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    Ino known = in(caller, ino);
    if (known.equals(top)) {
      return out(to.attributes(caller, top));
    }
    Attributes parent = to.parent(caller, known);
    requireInside(caller, parent.ino());
    return out(parent);
  }

  /** Somebody else may have moved a directory that the guest knows out of what it may see. */
  private void requireInside(Caller caller, Ino directory) throws FsException {
    Ino at = directory;
    while (!at.equals(top)) {
      if (at.equals(Ino.ROOT)) {
        throw new FsException(Errno.ESTALE, "inode " + directory + " is outside");
      }
      at = to.parent(caller, at).ino();
    }
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    return out(to.attributes(caller, in(caller, ino)));
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    return out(to.change(caller, in(caller, ino), change, handle));
  }

  @Override
  public byte[] readLink(Caller caller, Ino ino) throws FsException {
    return to.readLink(caller, in(caller, ino));
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    return out(to.make(caller, in(caller, parent), name, node));
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    return out(to.symlink(caller, in(caller, parent), name, target));
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    return out(to.link(caller, in(caller, ino), in(caller, newParent), newName));
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    to.unlink(caller, in(caller, parent), name);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    to.removeDirectory(caller, in(caller, parent), name);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    to.rename(caller, in(caller, parent), name, in(caller, newParent), newName, mode);
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    return to.open(caller, in(caller, ino), flags);
  }

  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    return out(to.create(caller, in(caller, parent), name, node, flags));
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    return out(to.createUnnamed(caller, in(caller, parent), node, flags));
  }

  @Override
  public long openDirectory(Caller caller, Ino ino) throws FsException {
    return to.openDirectory(caller, in(caller, ino));
  }

  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    Page page = new Page(reader);
    to.readDirectory(caller, handle, cookie, withAttributes, page::take);
    // Names alone lead nowhere before they are looked up.
    reachable.addAll(page.numbers, page.count);
  }

  /** Entries on their way to the guest. */
  private final class Page {
    private final DirectoryReader reader;
    private long[] numbers = new long[16];
    private int count;

    Page(DirectoryReader reader) {
      this.reader = reader;
    }

    boolean take(
        byte[] name,
        Ino ino,
        FileType type,
        long cookie,
        @Nullable Attributes attributes) {
      if (!reader.entry(name, isSpecial(name) ? shown(ino) : ino, type, cookie, attributes)) {
        return false;
      }
      if (attributes != null) {
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = ino.value();
      }
      return true;
    }

    /** The root, and what is above it, is the root. */
    private Ino shown(Ino ino) {
      return reachable.contains(ino) ? ino : Ino.ROOT;
    }
  }

  private static boolean isSpecial(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  @Override
  public byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    return to.extendedAttribute(caller, in(caller, ino), name);
  }

  @Override
  public List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    return to.extendedAttributes(caller, in(caller, ino));
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    to.setExtendedAttribute(caller, in(caller, ino), name, value, flags);
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    to.removeExtendedAttribute(caller, in(caller, ino), name);
  }

  @Override
  public SpaceUse spaceUse(Caller caller, Ino ino) throws FsException {
    return to.spaceUse(caller, in(caller, ino));
  }

  /**
   * Inodes that still exist stay known, as the guest may have kept their numbers in file handles;
   * the number of one that is gone is never used again. Those in snapshots do not: whoever goes
   * through all snapshots would leave many, and nobody says when one is deleted.
   */
  @Override
  public void forgotten(Caller caller, Ino ino) {
    if (!reachable.contains(ino)) {
      return;
    }
    if (PastNumber.isPast(ino)) {
      reachable.remove(ino);
      return;
    }
    try {
      to.attributes(caller.hasty(), ino);
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE) {
        reachable.remove(ino);
      }
    }
    to.forgotten(caller, ino);
  }
}
