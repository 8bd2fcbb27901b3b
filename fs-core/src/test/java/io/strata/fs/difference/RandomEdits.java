package io.strata.fs.difference;

import io.strata.fs.AttributeChange;
import io.strata.fs.Caller;
import io.strata.fs.Errno;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.platform.ManualClock;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Changes a tree of a few names at random, so that they meet often. */
final class RandomEdits {
  private static final Caller CALLER = Caller.ROOT;

  /** What a change may run into that does not look first. */
  private static final Set<Errno> USUAL =
      Set.of(
          Errno.ENOENT,
          Errno.EEXIST,
          Errno.ENOTDIR,
          Errno.EISDIR,
          Errno.ENOTEMPTY,
          Errno.EPERM,
          Errno.EINVAL);

  private final FileSystem files;
  private final Random random;
  private final ManualClock clock;

  RandomEdits(FileSystem files, Random random, ManualClock clock) {
    this.files = files;
    this.random = random;
    this.clock = clock;
  }

  void make(int count) throws FsException {
    for (int i = 0; i < count; i++) {
      clock.advance(Duration.ofMillis(10));
      try {
        edit();
      } catch (FsException e) {
        if (!USUAL.contains(e.errno())) {
          throw e;
        }
      }
    }
  }

  private void edit() throws FsException {
    Ino parent = directory();
    switch (random.nextInt(9)) {
      case 0, 1 -> write(parent);
      case 2 -> files.make(CALLER, parent, name(), node(FileType.DIRECTORY, 0755));
      case 3 -> files.unlink(CALLER, parent, name());
      case 4 -> files.removeDirectory(CALLER, parent, name());
      case 5 ->
          files.rename(CALLER, parent, name(), directory(), name(), RenameMode.REPLACE);
      case 6 ->
          files.rename(CALLER, parent, name(), directory(), name(), RenameMode.EXCHANGE);
      case 7 ->
          files.link(CALLER, files.lookup(CALLER, parent, name()).ino(), directory(), name());
      default ->
          files.change(
              CALLER,
              files.lookup(CALLER, parent, name()).ino(),
              AttributeChange.mode(random.nextInt(0777)),
              0);
    }
  }

  private void write(Ino parent) throws FsException {
    Opened file =
        files.create(CALLER, parent, name(), node(FileType.REGULAR, 0644), OpenFlags.READ_WRITE);
    byte[] bytes = new byte[1 + random.nextInt(100)];
    files.write(CALLER, file.handle(), 0, MemorySegment.ofArray(bytes), false);
    files.release(file.handle());
  }

  private static NewNode node(FileType type, int permissions) {
    return new NewNode(type.code() << 12 | permissions, 0);
  }

  private FileName name() {
    return FileName.of(Character.toString('a' + random.nextInt(6)));
  }

  private Ino directory() throws FsException {
    List<Ino> all = new ArrayList<>();
    NameWalk.of(files)
        .names()
        .forEach(
            (path, attributes) -> {
              if (FileType.ofMode(attributes.mode()) == FileType.DIRECTORY) {
                all.add(attributes.ino());
              }
            });
    all.add(Ino.ROOT);
    return all.get(random.nextInt(all.size()));
  }
}
