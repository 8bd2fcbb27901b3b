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
import io.strata.fs.Opened;
import io.strata.fs.PastNumber;
import io.strata.fs.PastState;
import io.strata.fs.PastStates;
import io.strata.fs.RenameMode;
import io.strata.fs.SpaceUse;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Shows a volume with its snapshots in {@code .snapshots} of one directory, where they can be looked
 * up and are not listed. What is below cannot be changed (EROFS, and EXDEV between a snapshot and
 * anything else), and is ESTALE from the moment on when its snapshot is deleted, also to who has it
 * open.
 *
 * <p>A file of that name which was made before there was this view stays and is seen instead, until
 * it is removed or renamed; none can be made (EEXIST).
 *
 * <p>Every number of an inode or of a handle says whether it is of the volume: such a request is
 * passed on at once. Those of snapshots are {@link PastNumber}s, except that the root of a snapshot
 * is the directory that the view is of, as it was.
 */
final class PastView extends ForwardingFileSystem {
  static final FileName NAME = FileName.of(".snapshots");

  private final Ino top;
  private final PastStates states;
  private final PastIndex index;
  private final Map<Long, PastHandle> open = new ConcurrentHashMap<>();

  /**
   * Shows snapshots beside a volume.
   *
   * @param top the directory that has them, and that is shown of each
   */
  PastView(FileSystem to, Ino top, PastStates states) {
    super(to);
    this.top = top;
    this.states = states;
    this.index = new PastIndex(states);
  }

  private static FsException readOnly() {
    return new FsException(Errno.EROFS, "snapshots never change");
  }

  private static FsException stale(Object what) {
    return new FsException(Errno.ESTALE, "there is no such snapshot any more: " + what);
  }

  private static boolean isDirectory(Ino ino) {
    return ino.equals(PastNumber.DIRECTORY);
  }

  /** Something to be done in a snapshot. */
  @FunctionalInterface
  private interface Task<T> {
    T run(Inside inside, Ino ino) throws FsException;
  }

  /** A snapshot that can be read. */
  private final class Inside {
    private final PastState state;
    private final FileSystem files;

    Inside(PastState state, FileSystem files) {
      this.state = state;
      this.files = files;
    }

    /** The number that a kernel is told for one in the snapshot, if there is one to be told. */
    Optional<Ino> find(Ino ino) {
      boolean outside = ino.equals(Ino.ROOT) && !ino.equals(top);
      Ino shown = ino.equals(top) ? Ino.ROOT : ino;
      return outside
          ? Optional.empty()
          : new PastNumber(PastNumber.slot(state.head()), shown).encode();
    }

    Ino number(Ino ino) throws FsException {
      return find(ino)
          .orElseThrow(
              () ->
                  ino.equals(Ino.ROOT)
                      ? new FsException(Errno.ESTALE, "outside of what this view shows")
                      : new FsException(
                          Errno.EOVERFLOW,
                          "inode %s of snapshot %s has no number beside the volume's: mount it"
                                  .formatted(ino, state.name())
                              + " with --at="
                              + state.name()));
    }

    Attributes out(Attributes attributes) throws FsException {
      Attributes told = attributes.withIno(number(attributes.ino()));
      return attributes.ino().equals(top) ? told.withModified(state.time()) : told;
    }
  }

  /** Whose number it is. */
  private PastState stateOf(Ino number) throws FsException {
    PastNumber past = PastNumber.decode(number).orElseThrow(() -> stale(number));
    return index.at(past.slot()).orElseThrow(() -> stale(number));
  }

  private Ino inner(Ino number) throws FsException {
    Ino ino = PastNumber.decode(number).orElseThrow(() -> stale(number)).ino();
    return ino.equals(Ino.ROOT) ? top : ino;
  }

  private <T> T inside(Caller caller, Ino number, Task<T> task) throws FsException {
    PastState state = stateOf(number);
    try (PastStates.Visit visit = states.visit(caller, state)) {
      return task.run(new Inside(state, new ReadOnlyView(visit.files())), inner(number));
    }
  }

  /** The snapshots' directory; what is above it is read anew, as it may have changed. */
  private PastListing listing(Caller caller) throws FsException {
    return PastListing.of(to.attributes(caller, top), index.all());
  }

  /** Whether it is this name in this directory, and nothing real has it. */
  private boolean isShown(Caller caller, Ino parent, FileName name) throws FsException {
    if (!parent.equals(top) || !name.equals(NAME)) {
      return false;
    }
    try {
      to.lookup(caller, parent, name);
      return false;
    } catch (FsException e) {
      if (e.errno() == Errno.ENOENT) {
        return true;
      }
      throw e;
    }
  }

  /** Whether something new can be made there, as far as this view is concerned. */
  private void requireFree(Caller caller, Ino parent, FileName name) throws FsException {
    if (PastNumber.isPast(parent)) {
      throw readOnly();
    }
    if (isShown(caller, parent, name)) {
      throw new FsException(Errno.EEXIST, NAME + " is where the snapshots are");
    }
  }

  private void requireRemovable(Caller caller, Ino parent, FileName name) throws FsException {
    if (PastNumber.isPast(parent) || isShown(caller, parent, name)) {
      throw readOnly();
    }
  }

  /** Nothing is linked or renamed from one snapshot to another, or between one and the volume. */
  private static void requireSameSide(Ino one, Ino other) throws FsException {
    if (isDirectory(one) || isDirectory(other)) {
      throw readOnly();
    }
    if (PastNumber.isPast(one) || PastNumber.isPast(other)) {
      throw PastNumber.decode(one).map(PastNumber::slot)
              .equals(PastNumber.decode(other).map(PastNumber::slot))
          ? readOnly()
          : new FsException(Errno.EXDEV, "a snapshot is a filesystem of its own");
    }
  }

  @Override
  public Attributes lookup(Caller caller, Ino parent, FileName name) throws FsException {
    if (isDirectory(parent)) {
      return root(caller, index.named(name));
    }
    if (PastNumber.isPast(parent)) {
      return inside(
          caller, parent, (in, ino) -> in.out(in.files.lookup(caller, ino, name)));
    }
    return isShown(caller, parent, name)
        ? listing(caller).attributes()
        : to.lookup(caller, parent, name);
  }

  private Attributes root(Caller caller, PastState state) throws FsException {
    Attributes known = index.root(state);
    if (known != null) {
      return known;
    }
    try (PastStates.Visit visit = states.visit(caller, state)) {
      Attributes root =
          new Inside(state, visit.files()).out(visit.files().attributes(caller, top));
      index.keepRoot(state, root);
      return root;
    } catch (FsException e) {
      if (e.errno() == Errno.ESTALE && index.has(state)) {
        throw new FsException(
            Errno.ENOENT, "snapshot " + state.name() + " was made before this directory", e);
      }
      throw e;
    }
  }

  @Override
  public Attributes parent(Caller caller, Ino ino) throws FsException {
    if (isDirectory(ino)) {
      return to.attributes(caller, top);
    }
    if (PastNumber.isRoot(ino)) {
      return listing(caller).attributes();
    }
    return PastNumber.isPast(ino)
        ? inside(caller, ino, (in, known) -> in.out(in.files.parent(caller, known)))
        : to.parent(caller, ino);
  }

  @Override
  public Attributes attributes(Caller caller, Ino ino) throws FsException {
    if (!PastNumber.isPast(ino)) {
      return to.attributes(caller, ino);
    }
    return isDirectory(ino)
        ? listing(caller).attributes()
        : inside(caller, ino, (in, known) -> in.out(in.files.attributes(caller, known)));
  }

  @Override
  public Attributes change(Caller caller, Ino ino, AttributeChange change, long handle)
      throws FsException {
    if (PastNumber.isPast(ino)) {
      throw readOnly();
    }
    return to.change(caller, ino, change, handle);
  }

  @Override
  public byte[] readLink(Caller caller, Ino ino) throws FsException {
    return PastNumber.isPast(ino)
        ? inside(caller, ino, (in, known) -> in.files.readLink(caller, known))
        : to.readLink(caller, ino);
  }

  @Override
  public Attributes make(Caller caller, Ino parent, FileName name, NewNode node)
      throws FsException {
    requireFree(caller, parent, name);
    return to.make(caller, parent, name, node);
  }

  @Override
  public Attributes symlink(Caller caller, Ino parent, FileName name, byte[] target)
      throws FsException {
    requireFree(caller, parent, name);
    return to.symlink(caller, parent, name, target);
  }

  @Override
  public Attributes link(Caller caller, Ino ino, Ino newParent, FileName newName)
      throws FsException {
    requireSameSide(ino, newParent);
    requireFree(caller, newParent, newName);
    return to.link(caller, ino, newParent, newName);
  }

  @Override
  public void unlink(Caller caller, Ino parent, FileName name) throws FsException {
    requireRemovable(caller, parent, name);
    to.unlink(caller, parent, name);
  }

  @Override
  public void removeDirectory(Caller caller, Ino parent, FileName name) throws FsException {
    requireRemovable(caller, parent, name);
    to.removeDirectory(caller, parent, name);
  }

  @Override
  public void rename(
      Caller caller, Ino parent, FileName name, Ino newParent, FileName newName, RenameMode mode)
      throws FsException {
    requireSameSide(parent, newParent);
    requireRemovable(caller, parent, name);
    requireFree(caller, newParent, newName);
    to.rename(caller, parent, name, newParent, newName, mode);
  }

  /** Something that gives a handle of a snapshot. */
  @FunctionalInterface
  private interface Opening {
    long run(FileSystem files, Ino ino) throws FsException;
  }

  /** Opens in a snapshot, which is left when the handle is released. */
  private long opening(Caller caller, Ino number, Opening opening) throws FsException {
    PastState state = stateOf(number);
    PastStates.Visit visit = states.visit(caller, state);
    boolean added = false;
    try {
      FileSystem files = new ReadOnlyView(visit.files());
      long handle = opening.run(files, inner(number));
      added =
          open.putIfAbsent(handle, new PastHandle.OfFile(number, state, visit, files)) == null;
      return handle;
    } finally {
      if (!added) {
        visit.close();
      }
    }
  }

  @Override
  public long open(Caller caller, Ino ino, int flags) throws FsException {
    if (isDirectory(ino)) {
      throw new FsException(Errno.EISDIR, NAME + " is a directory");
    }
    return PastNumber.isPast(ino)
        ? opening(caller, ino, (files, known) -> files.open(caller, known, flags))
        : to.open(caller, ino, flags);
  }

  /** A kernel asks for this where it knows of no such file, and is right about snapshots. */
  @Override
  public Opened create(Caller caller, Ino parent, FileName name, NewNode node, int flags)
      throws FsException {
    requireFree(caller, parent, name);
    return to.create(caller, parent, name, node, flags);
  }

  @Override
  public Opened createUnnamed(Caller caller, Ino parent, NewNode node, int flags)
      throws FsException {
    if (PastNumber.isPast(parent)) {
      throw readOnly();
    }
    return to.createUnnamed(caller, parent, node, flags);
  }

  private PastHandle handle(long handle) throws FsException {
    PastHandle known = open.get(handle);
    if (known == null) {
      throw unknown(handle);
    }
    return known;
  }

  private static FsException unknown(long handle) {
    return new FsException(Errno.EBADF, "no handle " + handle);
  }

  /** The files in which a handle can be used. */
  private FileSystem files(long handle) throws FsException {
    return switch (handle(handle)) {
      case PastHandle.OfDirectory _ -> throw new FsException(Errno.EISDIR, NAME + " is a directory");
      case PastHandle.OfFile file -> {
        if (!index.has(file.state())) {
          throw stale(file.state().name());
        }
        yield file.files();
      }
    };
  }

  /** Where a handle of whatever can be used. */
  private FileSystem any(long handle) throws FsException {
    return HandleNumber.isPast(handle) ? files(handle) : to;
  }

  @Override
  public int read(Caller caller, long handle, long offset, MemorySegment target)
      throws FsException {
    return any(handle).read(caller, handle, offset, target);
  }

  @Override
  public int write(
      Caller caller, long handle, long offset, MemorySegment source, boolean clearSetId)
      throws FsException {
    return any(handle).write(caller, handle, offset, source, clearSetId);
  }

  @Override
  public long append(Caller caller, long handle, MemorySegment source) throws FsException {
    return any(handle).append(caller, handle, source);
  }

  @Override
  public void allocate(Caller caller, long handle, long offset, long length, int mode)
      throws FsException {
    any(handle).allocate(caller, handle, offset, length, mode);
  }

  @Override
  public long seek(Caller caller, long handle, long offset, int whence) throws FsException {
    return any(handle).seek(caller, handle, offset, whence);
  }

  /** The kernel copies by itself where this is refused with EXDEV. */
  @Override
  public long copy(
      Caller caller, long fromHandle, long fromOffset, long toHandle, long toOffset, long length)
      throws FsException {
    if (HandleNumber.isPast(toHandle)) {
      throw readOnly();
    }
    if (HandleNumber.isPast(fromHandle)) {
      throw new FsException(Errno.EXDEV, "a snapshot is a filesystem of its own");
    }
    return to.copy(caller, fromHandle, fromOffset, toHandle, toOffset, length);
  }

  @Override
  public void flush(Caller caller, long handle) throws FsException {
    if (HandleNumber.isPast(handle)) {
      handle(handle);
    } else {
      to.flush(caller, handle);
    }
  }

  /** All that is in a snapshot is durable. */
  @Override
  public void sync(Caller caller, long handle, boolean dataOnly) throws FsException {
    if (HandleNumber.isPast(handle)) {
      handle(handle);
    } else {
      to.sync(caller, handle, dataOnly);
    }
  }

  @Override
  public void adopt(Caller caller, Ino ino, long handle, HandleClaim claim) throws FsException {
    boolean past = HandleNumber.isPast(handle);
    if (past != PastNumber.isPast(ino)) {
      throw unknown(handle);
    }
    if (!past) {
      to.adopt(caller, ino, handle, claim);
    } else if (isDirectory(ino)) {
      open.putIfAbsent(handle, new PastHandle.OfDirectory(ino));
    } else if (!open.containsKey(handle)) {
      opening(
          caller,
          ino,
          (files, known) -> {
            files.adopt(caller, known, handle, claim);
            return handle;
          });
    }
  }

  @Override
  public void release(long handle) throws FsException {
    if (HandleNumber.isPast(handle)) {
      end(handle);
    } else {
      to.release(handle);
    }
  }

  private void end(long handle) throws FsException {
    switch (open.remove(handle)) {
      case null -> throw unknown(handle);
      case PastHandle.OfDirectory _ -> {}
      case PastHandle.OfFile file -> {
        try (PastStates.Visit visit = file.visit()) {
          if (HandleNumber.decode(handle).filter(HandleNumber::directory).isPresent()) {
            visit.files().releaseDirectory(handle);
          } else {
            visit.files().release(handle);
          }
        }
      }
    }
  }

  @Override
  public long openDirectory(Caller caller, Ino ino) throws FsException {
    if (isDirectory(ino)) {
      long handle = states.handles().directory();
      open.put(handle, new PastHandle.OfDirectory(ino));
      return handle;
    }
    return PastNumber.isPast(ino)
        ? opening(caller, ino, (files, known) -> files.openDirectory(caller, known))
        : to.openDirectory(caller, ino);
  }

  @Override
  public void readDirectory(
      Caller caller, long handle, long cookie, boolean withAttributes, DirectoryReader reader)
      throws FsException {
    if (!HandleNumber.isPast(handle)) {
      to.readDirectory(caller, handle, cookie, withAttributes, reader);
      return;
    }
    switch (handle(handle)) {
      case PastHandle.OfDirectory _ -> listing(caller).read(cookie, reader);
      case PastHandle.OfFile directory ->
          files(handle)
              .readDirectory(
                  caller, handle, cookie, withAttributes, out(directory, reader));
    }
  }

  /** An entry without a number of its own is shown, and cannot be looked up. */
  private DirectoryReader out(PastHandle.OfFile directory, DirectoryReader reader) {
    Inside in = new Inside(directory.state(), directory.files());
    boolean atRoot = PastNumber.isRoot(directory.number());
    return (name, ino, type, cookie, attributes) -> {
      Optional<Ino> number = atRoot && isParent(name) ? Optional.empty() : in.find(ino);
      Attributes told =
          attributes == null ? null : number.map(attributes::withIno).orElse(null);
      return reader.entry(name, number.orElse(PastNumber.DIRECTORY), type, cookie, told);
    };
  }

  private static boolean isParent(byte[] name) {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }

  @Override
  public void releaseDirectory(long handle) throws FsException {
    if (HandleNumber.isPast(handle)) {
      end(handle);
    } else {
      to.releaseDirectory(handle);
    }
  }

  @Override
  public byte @Nullable [] extendedAttribute(Caller caller, Ino ino, byte[] name)
      throws FsException {
    if (isDirectory(ino)) {
      return null;
    }
    if (!PastNumber.isPast(ino)) {
      return to.extendedAttribute(caller, ino, name);
    }
    return inside(
            caller,
            ino,
            (in, known) -> Optional.ofNullable(in.files.extendedAttribute(caller, known, name)))
        .orElse(null);
  }

  @Override
  public List<byte[]> extendedAttributes(Caller caller, Ino ino) throws FsException {
    if (isDirectory(ino)) {
      return List.of();
    }
    return PastNumber.isPast(ino)
        ? inside(caller, ino, (in, known) -> in.files.extendedAttributes(caller, known))
        : to.extendedAttributes(caller, ino);
  }

  @Override
  public void setExtendedAttribute(Caller caller, Ino ino, byte[] name, byte[] value, int flags)
      throws FsException {
    if (PastNumber.isPast(ino)) {
      throw readOnly();
    }
    to.setExtendedAttribute(caller, ino, name, value, flags);
  }

  @Override
  public void removeExtendedAttribute(Caller caller, Ino ino, byte[] name) throws FsException {
    if (PastNumber.isPast(ino)) {
      throw readOnly();
    }
    to.removeExtendedAttribute(caller, ino, name);
  }

  @Override
  public void forgotten(Caller caller, Ino ino) {
    if (!PastNumber.isPast(ino)) {
      to.forgotten(caller, ino);
    }
  }

  /** A snapshot is as full as it can be. */
  @Override
  public SpaceUse spaceUse(Caller caller, Ino ino) throws FsException {
    if (!PastNumber.isPast(ino) || isDirectory(ino)) {
      return to.spaceUse(caller, isDirectory(ino) ? top : ino);
    }
    SpaceUse use = inside(caller, ino, (in, known) -> in.files.spaceUse(caller));
    return new SpaceUse(use.usedBytes(), use.usedBytes(), use.inodes());
  }
}
