package io.strata.fs.posix;

import io.strata.fs.NewNode;
import io.strata.fs.AttributeChange;
import io.strata.fs.Opened;
import io.strata.fs.WouldBlock;
import io.strata.fs.RenameMode;
import io.strata.fs.OpenFlags;
import io.strata.fs.FileSystem;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A filesystem and what a sequence of steps has met in it. Numbers that two filesystems choose
 * differently are answered as the order in which they were met, so that answers can be compared.
 */
final class Side {
  private static final List<FileName> NAMES =
      List.of(
          FileName.of("a"),
          FileName.of("b"),
          FileName.of("cc"),
          FileName.of("e".repeat(FileName.BYTES_MAX)));

  private static final List<String> XATTRS =
      List.of("user.a", "user.bb", "security.capability", "trusted.t", "other.x");

  private static final int[] NODE_MODES = {
    0100644, 0106755, 0010600, 0020666, 0060660, 0140777, 0100600
  };

  private static final int OFFSET_MAX = 9_000;
  private static final int LENGTH_MAX = 4_000;

  private final FileSystem files;
  private final List<Ino> inos = new ArrayList<>(List.of(Ino.ROOT));
  private final List<Ino> directories = new ArrayList<>(List.of(Ino.ROOT));
  private final List<Long> handles = new ArrayList<>();
  private final List<Long> directoryHandles = new ArrayList<>();

  Side(FileSystem files) {
    this.files = files;
  }

  /** Runs a step and returns what the operation answers, an error number if it fails. */
  Object run(Step step, Caller caller) throws WouldBlock {
    try {
      return operate(step, caller);
    } catch (WouldBlock e) {
      throw e;
    } catch (FsException e) {
      return e.errno();
    }
  }

  /** All that can be seen of every inode met so far. */
  List<Object> everything(Caller caller) throws FsException {
    List<Object> seen = new ArrayList<>();
    for (int i = 0; i < inos.size(); i++) {
      seen.add(run(new Step(Step.Kind.ATTRIBUTES, i, 0, 0, 0), caller));
      seen.add(run(new Step(Step.Kind.LIST_XATTRS, i, 0, 0, 0), caller));
      seen.add(run(new Step(Step.Kind.READ_LINK, i, 0, 0, 0), caller));
      try {
        long handle = files.open(caller, inos.get(i), OpenFlags.READ_ONLY);
        seen.add(content(caller, handle, 0, 1 << 16));
        files.release(handle);
      } catch (FsException e) {
        seen.add(e.errno());
      }
      try {
        long handle = files.openDirectory(caller, inos.get(i));
        seen.add(list(caller, handle, true));
        files.releaseDirectory(handle);
      } catch (FsException e) {
        seen.add(e.errno());
      }
    }
    seen.add(files.spaceUse(caller));
    return seen;
  }

  private Object operate(Step step, Caller caller) throws FsException {
    return switch (step.kind()) {
      case LOOKUP -> met(files.lookup(caller, directory(step.a()), name(step.b())));
      case ATTRIBUTES -> met(files.attributes(caller, ino(step.a())));
      case PARENT -> met(files.parent(caller, directory(step.a())));
      case CHMOD -> change(caller, step, AttributeChange.mode(step.b() & 07777));
      case CHOWN -> change(caller, step, chown(step.b() % 3, step.c() % 3));
      case TOUCH -> change(caller, step, touch(step));
      case TRUNCATE -> change(caller, step, AttributeChange.size(step.b() % OFFSET_MAX));
      case CLEAR_SET_ID -> change(caller, step, clearSetId());
      case READ_LINK -> ByteString.of(files.readLink(caller, ino(step.a())));
      case MAKE_DIRECTORY -> {
        NewNode node = new NewNode(0040755 | (step.c() % 4 == 0 ? 02000 : 0), 0);
        yield met(files.make(caller, directory(step.a()), name(step.b()), node));
      }
      case MAKE_NODE -> {
        NewNode node = new NewNode(NODE_MODES[step.c() % NODE_MODES.length], step.d());
        yield met(files.make(caller, directory(step.a()), name(step.b()), node));
      }
      case SYMLINK -> {
        byte[] target = "x".repeat(1 + step.c() % 200).getBytes(StandardCharsets.UTF_8);
        yield met(files.symlink(caller, directory(step.a()), name(step.b()), target));
      }
      case LINK -> met(files.link(caller, ino(step.c()), directory(step.a()), name(step.b())));
      case UNLINK -> {
        files.unlink(caller, directory(step.a()), name(step.b()));
        yield "unlinked";
      }
      case REMOVE_DIRECTORY -> {
        files.removeDirectory(caller, directory(step.a()), name(step.b()));
        yield "removed";
      }
      case RENAME -> rename(caller, step, RenameMode.REPLACE);
      case RENAME_NEW -> rename(caller, step, RenameMode.NO_REPLACE);
      case EXCHANGE -> rename(caller, step, RenameMode.EXCHANGE);
      case OPEN -> {
        int flags = step.b() % 3 | (step.c() % 4 == 0 ? OpenFlags.TRUNCATE : 0);
        handles.add(files.open(caller, ino(step.a()), flags));
        yield "opened";
      }
      case CREATE -> {
        int flags = OpenFlags.READ_WRITE | (step.c() % 3 == 0 ? OpenFlags.EXCLUSIVE : 0);
        NewNode node = new NewNode(0100644, 0);
        yield opened(files.create(caller, directory(step.a()), name(step.b()), node, flags));
      }
      case CREATE_UNNAMED -> {
        NewNode node = new NewNode(0100600, 0);
        yield opened(
            files.createUnnamed(caller, directory(step.a()), node, OpenFlags.READ_WRITE));
      }
      case READ -> content(caller, handle(step.a()), offset(step.b()), length(step.c()) * 3);
      case WRITE ->
          files.write(
              caller, handle(step.a()), offset(step.b()), bytes(step), step.d() % 4 == 0);
      case APPEND -> files.append(caller, handle(step.a()), bytes(step));
      case ALLOCATE -> {
        int[] modes = {0, 1, 3, 0x10, 0x11, 2, 8};
        int mode = modes[step.d() % modes.length];
        files.allocate(caller, handle(step.a()), offset(step.b()), length(step.c()), mode);
        yield "allocated";
      }
      case SEEK -> files.seek(caller, handle(step.a()), offset(step.b()), 3 + step.c() % 2);
      case COPY ->
          files.copy(
              caller,
              handle(step.a()),
              offset(step.b()),
              handle(step.b()),
              offset(step.d()),
              length(step.c()));
      case SYNC -> {
        files.sync(caller, handle(step.a()), false);
        yield "synced";
      }
      case RELEASE -> {
        files.release(handle(step.a()));
        yield "released";
      }
      case OPEN_DIRECTORY -> {
        directoryHandles.add(files.openDirectory(caller, ino(step.a())));
        yield "opened";
      }
      case READ_DIRECTORY -> list(caller, directoryHandle(step.a()), step.b() % 2 == 0);
      case RELEASE_DIRECTORY -> {
        files.releaseDirectory(directoryHandle(step.a()));
        yield "released";
      }
      case GET_XATTR -> {
        byte[] value = files.extendedAttribute(caller, ino(step.a()), xattr(step.b()));
        yield value == null ? "none" : ByteString.of(value);
      }
      case LIST_XATTRS ->
          files.extendedAttributes(caller, ino(step.a())).stream().map(ByteString::of).toList();
      case SET_XATTR -> {
        byte[] value = new byte[step.c() % 300];
        Arrays.fill(value, (byte) step.d());
        int flags = step.d() % 3;
        files.setExtendedAttribute(caller, ino(step.a()), xattr(step.b()), value, flags);
        yield "set";
      }
      case REMOVE_XATTR -> {
        files.removeExtendedAttribute(caller, ino(step.a()), xattr(step.b()));
        yield "removed";
      }
      case SPACE_USE -> files.spaceUse(caller);
    };
  }

  private Object rename(Caller caller, Step step, RenameMode mode) throws FsException {
    files.rename(
        caller, directory(step.a()), name(step.b()), directory(step.c()), name(step.d()), mode);
    return "renamed";
  }

  private Object change(Caller caller, Step step, AttributeChange change) throws FsException {
    return met(files.change(caller, ino(step.a()), change, 0));
  }

  private static AttributeChange chown(int uid, int gid) {
    return new AttributeChange(
        null, uid == 0 ? null : uid, gid == 0 ? null : gid, null, null, null, null, false);
  }

  private static AttributeChange clearSetId() {
    return new AttributeChange(null, null, null, null, null, null, null, true);
  }

  private static AttributeChange touch(Step step) {
    Timestamp time = new Timestamp(step.b(), step.c() % 1000);
    return new AttributeChange(
        null,
        null,
        null,
        null,
        step.d() % 2 == 0 ? time : null,
        step.d() % 3 == 0 ? time : null,
        step.d() % 5 == 0 ? time : null,
        false);
  }

  private Object content(Caller caller, long handle, long offset, int length)
      throws FsException {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xee);
    int read = files.read(caller, handle, offset, MemorySegment.ofArray(bytes));
    return ByteString.of(Arrays.copyOf(bytes, read));
  }

  private Object list(Caller caller, long handle, boolean withAttributes) throws FsException {
    List<Object> entries = new ArrayList<>();
    files.readDirectory(
        caller,
        handle,
        0,
        withAttributes,
        (name, ino, type, cookie, attributes) -> {
          entries.add(ByteString.of(name));
          entries.add(index(ino));
          entries.add(type);
          entries.add(attributes == null ? "" : met(attributes));
          return true;
        });
    return entries;
  }

  private Object opened(Opened opened) {
    handles.add(opened.handle());
    return met(opened.attributes());
  }

  /** Attributes with the inode's number replaced by the order in which it was met. */
  private Attributes met(Attributes it) {
    return new Attributes(
        new Ino(1 + index(it.ino())),
        it.mode(),
        it.links(),
        it.uid(),
        it.gid(),
        it.device(),
        it.size(),
        it.allocated(),
        it.accessed(),
        it.modified(),
        it.changed(),
        it.born());
  }

  private int index(Ino ino) {
    if (!inos.contains(ino)) {
      inos.add(ino);
    }
    return inos.indexOf(ino);
  }

  /** Mostly one of a few directories, sometimes anything. */
  private Ino directory(int number) {
    return number % 7 == 0
        ? ino(number / 7)
        : directories.get(number / 7 % Math.min(directories.size(), 4));
  }

  private Ino ino(int number) {
    return inos.get(number % inos.size());
  }

  /** Mostly a handle that there is, or was. */
  private long handle(int number) {
    return handles.isEmpty() ? 0 : handles.get(number % handles.size());
  }

  private long directoryHandle(int number) {
    return directoryHandles.isEmpty()
        ? 0
        : directoryHandles.get(number % directoryHandles.size());
  }

  private static FileName name(int number) {
    return NAMES.get(number % NAMES.size());
  }

  private static byte[] xattr(int number) {
    return XATTRS.get(number % XATTRS.size()).getBytes(StandardCharsets.UTF_8);
  }

  private static long offset(int number) {
    return number % OFFSET_MAX;
  }

  private static int length(int number) {
    return number % LENGTH_MAX;
  }

  private static MemorySegment bytes(Step step) {
    byte[] bytes = new byte[length(step.c())];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (step.d() + i * 31 + (i >> 8));
    }
    return MemorySegment.ofArray(bytes);
  }

  void noteDirectory(Object answer) {
    if (answer instanceof Attributes attributes && attributes.type() == FileType.DIRECTORY) {
      Ino ino = inos.get((int) attributes.ino().value() - 1);
      if (!directories.contains(ino)) {
        directories.add(ino);
      }
    }
  }
}
