package io.strata.fs.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FsException;
import io.strata.fs.Inheritance;
import io.strata.fs.Errno;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Timestamp;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A filesystem over an engine in memory, with short ways to say what tests say often. */
final class TestVolume {
  static final Caller USER = new Caller(1000, 100, 1, true);

  final TestEngine engine = new TestEngine();
  VolumeFileSystem files = open();
  private long seconds = 1_000;

  private VolumeFileSystem open() {
    return new VolumeFileSystem(engine, AccessTimePolicy.NEVER);
  }

  /** What a crash does: all handles are gone, the tree stays. */
  void reopen() {
    reopen(Inheritance.NONE);
  }

  /** The same, with an owner who knows of those before. */
  void reopen(Inheritance inheritance) {
    engine.nextEpoch();
    files = new VolumeFileSystem(engine, AccessTimePolicy.NEVER, inheritance);
  }

  /** Lets a second pass and returns the time after it. */
  Timestamp tick() {
    Timestamp now = new Timestamp(++seconds, 0);
    engine.setNow(now);
    return now;
  }

  static FileName name(String name) {
    return FileName.of(name);
  }

  Ino directory(Ino parent, String name) throws FsException {
    return files.make(USER, parent, name(name), new NewNode(0040755, 0)).ino();
  }

  Ino file(Ino parent, String name) throws FsException {
    return files.make(USER, parent, name(name), new NewNode(0100644, 0)).ino();
  }

  long open(Ino ino) throws FsException {
    return files.open(USER, ino, OpenFlags.READ_WRITE);
  }

  Attributes attributes(Ino ino) throws FsException {
    return files.attributes(USER, ino);
  }

  Attributes lookup(Ino parent, String name) throws FsException {
    return files.lookup(USER, parent, name(name));
  }

  void write(long handle, long offset, String text) throws FsException {
    write(handle, offset, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(long handle, long offset, byte[] bytes) throws FsException {
    int written = files.write(USER, handle, offset, MemorySegment.ofArray(bytes), false);
    assertThat(written).isEqualTo(bytes.length);
  }

  /** Up to {@code length} bytes from {@code offset} on. */
  byte[] read(long handle, long offset, int length) throws FsException {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xee);
    return Arrays.copyOf(
        bytes, files.read(USER, handle, offset, MemorySegment.ofArray(bytes)));
  }

  /** The whole file as text; zeros show as dots. */
  String text(long handle) throws FsException {
    return new String(read(handle, 0, 1 << 16), StandardCharsets.UTF_8).replace('\0', '.');
  }

  List<String> list(Ino directory) throws FsException {
    List<String> names = new ArrayList<>();
    long handle = files.openDirectory(USER, directory);
    files.readDirectory(
        USER,
        handle,
        0,
        false,
        (name, ino, type, cookie, attributes) ->
            names.add(new String(name, StandardCharsets.UTF_8)));
    files.releaseDirectory(handle);
    return names;
  }

  /** Extents of a file. */
  int extents(Ino ino) throws FsException {
    return engine
        .read(
            USER,
            metadata -> new Tree(metadata).extentsFrom(ino, 0, Long.MAX_VALUE, Integer.MAX_VALUE))
        .size();
  }

  /** A file of {@code count} extents of one byte each, at every second offset. */
  Ino fragmented(Ino parent, String name, int count) throws FsException {
    Ino ino = file(parent, name);
    long handle = open(ino);
    for (int i = 0; i < count; i++) {
      write(handle, 2L * i, new byte[] {(byte) i});
    }
    files.release(handle);
    assertThat(extents(ino)).isEqualTo(count);
    return ino;
  }

  /** An operation that must fail. */
  @FunctionalInterface
  interface Failing {
    void run() throws FsException;
  }

  /** With which error an operation fails; it must have written nothing. */
  Errno errno(Failing operation) {
    int groups = engine.groupCount();
    try {
      operation.run();
    } catch (FsException e) {
      assertThat(engine.groupCount()).as("groups written by what failed").isEqualTo(groups);
      return e.errno();
    }
    throw new AssertionError("it did not fail");
  }

  /** Runs what was put off and checks all that must hold for the tree. */
  void check() {
    engine.runBackground();
    TreeChecks.check(engine);
  }
}
