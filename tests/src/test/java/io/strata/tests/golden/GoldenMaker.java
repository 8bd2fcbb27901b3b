package io.strata.tests.golden;

import io.strata.fs.AttributeChange;
import io.strata.fs.Attributes;
import io.strata.fs.Caller;
import io.strata.fs.FileSystem;
import io.strata.fs.FsException;
import io.strata.fs.NewNode;
import io.strata.fs.OpenFlags;
import io.strata.fs.Opened;
import io.strata.fs.RenameMode;
import io.strata.fs.schema.FileName;
import io.strata.fs.schema.Ino;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fs.volume.VolumeLimits;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;

/**
 * Makes a small volume with a bit of everything, and leaves it as a crash would: three epochs,
 * several checkpoints, dead segments and packs, and behind the newest head a log with inlined
 * bytes, a file without a name, and another that was unlinked while it was open.
 *
 * <p>The main method writes an archive. It is run once for each version of the format; what it
 * wrote is kept and never made anew.
 */
final class GoldenMaker {
  private static final Caller CALLER = new Caller(1000, 1000, 1, true);
  private static final Duration LONG = Duration.ofDays(1000);
  private static final VolumeLimits LIMITS =
      new VolumeLimits(128 << 10, 512 << 10, 1 << 20, 1 << 20, 512 << 10, 16 << 10, 1 << 20);

  private final SplittableRandom random = new SplittableRandom(20260102);
  private final ManualClock clock = ManualClock.startingAt(Instant.parse("2026-01-02T03:04:05.6Z"));
  private final MemStore bucket = new MemStore();

  private GoldenMaker() {}

  /** Writes the archive to the file that the argument names. */
  public static void main(String[] args) throws IOException, FsException {
    try (var file = Files.newOutputStream(Path.of(args[0]))) {
      new GoldenMaker().make().write(file);
    }
  }

  static OpenOptions options() {
    return OpenOptions.DEFAULT.withTimes(LONG, LONG).withLimits(LIMITS).withTakeOver(true);
  }

  static Platform platform(ManualClock clock) {
    return new Platform(
        clock,
        new SplittableRandom(7),
        ForkJoinPool.commonPool(),
        task -> Thread.ofVirtual().start(task));
  }

  private Archive make() throws IOException, FsException {
    Volume.format(bucket, new FormatOptions("golden", 1L << 40, false), platform(clock));
    Volume first = Volume.open(bucket, options(), platform(clock));
    files(first);
    changes(first);
    first.close();

    Volume second = Volume.open(bucket, options(), platform(clock));
    moreFiles(second);
    second.fileSystem().syncAll(CALLER);
    second.abandon();

    Volume third = Volume.open(bucket, options(), platform(clock));
    third.checkpoint();
    overwrite(third);
    third.checkpoint();
    tail(third);
    third.abandon();

    OpenOptions readOnly = options().withReadOnly(true);
    try (Volume volume = Volume.open(bucket, readOnly, platform(clock))) {
      return new Archive(bucket, Manifest.of(volume.fileSystem()));
    }
  }

  /** Files of all types and shapes. */
  private void files(Volume volume) throws IOException, FsException {
    FileSystem files = volume.fileSystem();
    Ino docs = directory(files, Ino.ROOT, "docs", 0755);
    Ino deep = directory(files, directory(files, docs, "a", 02775), "b", 0700);
    file(files, docs, "empty", new byte[0]);
    file(files, docs, "small", "a few bytes\n".getBytes(StandardCharsets.US_ASCII));
    file(files, deep, "text", text(300_000));
    file(files, deep, "noise", noise(70_000));
    volume.checkpoint();
    tick();

    Ino sparse = file(files, docs, "sparse", noise(5000));
    write(files, sparse, 1 << 20, noise(5000));
    files.change(CALLER, sparse, AttributeChange.size(3 << 20), 0);
    files.symlink(CALLER, docs, FileName.of("link"), "a/b/text".getBytes(StandardCharsets.UTF_8));
    files.make(CALLER, docs, FileName.of("fifo"), new NewNode(0010644, 0));
    files.make(CALLER, docs, FileName.of("null"), new NewNode(0020666, 0x103));
    files.make(CALLER, docs, FileName.of("disk"), new NewNode(0060660, 0x801));
    files.make(CALLER, docs, FileName.of("socket"), new NewNode(0140755, 0));
    Ino shared = file(files, docs, "shared", text(70_000));
    files.link(CALLER, shared, Ino.ROOT, FileName.of("shared too"));
    files.link(CALLER, shared, deep, FileName.of("shared as well"));
    attribute(files, shared, "user.comment", "short".getBytes(StandardCharsets.UTF_8));
    attribute(files, deep, "user.blob", noise(3000));
    volume.checkpoint();
    tick();
  }

  /** What happens to files. */
  private void changes(Volume volume) throws IOException, FsException {
    FileSystem files = volume.fileSystem();
    Ino many = directory(files, Ino.ROOT, "many", 0755);
    for (int i = 0; i < 600; i++) {
      Ino ino =
          file(files, many, "entry-%04d".formatted(i), i % 10 == 0 ? noise(100) : new byte[0]);
      if (i % 25 == 0) {
        attribute(files, ino, "user.number", Integer.toString(i).getBytes(StandardCharsets.UTF_8));
      }
    }
    byte[] odd = {'o', (byte) 0xff, '\n', 'd'};
    files.make(CALLER, many, FileName.of(odd), new NewNode(0100600, 0));
    files.make(CALLER, many, FileName.of("n".repeat(255)), new NewNode(0100600, 0));
    volume.checkpoint();
    tick();

    file(files, many, "gone", noise(66_000));
    volume.checkpoint();
    files.unlink(CALLER, many, FileName.of("gone"));
    write(files, at(files, "docs", "a", "b", "noise"), 50_000, text(5000));
    files.change(CALLER, at(files, "docs", "a", "b", "text"), AttributeChange.size(250_001), 0);
    files.rename(
        CALLER,
        at(files, "docs"),
        FileName.of("small"),
        many,
        FileName.of("moved"),
        RenameMode.REPLACE);
    copy(files, at(files, "docs", "a", "b", "text"), many, "copy");
    for (int i = 0; i < 600; i += 7) {
      files.unlink(CALLER, many, FileName.of("entry-%04d".formatted(i)));
    }
    volume.checkpoint();
    tick();
  }

  private void moreFiles(Volume volume) throws IOException, FsException {
    FileSystem files = volume.fileSystem();
    Ino second = directory(files, Ino.ROOT, "second", 0755);
    file(files, second, "before", text(100_000));
    volume.checkpoint();
    file(files, second, "after", noise(40_000));
    file(files, second, "inlined", text(2000));
    tick();
  }

  /** Leaves segments and packs behind that nothing refers to any more. */
  private void overwrite(Volume volume) throws FsException {
    FileSystem files = volume.fileSystem();
    write(files, at(files, "second", "before"), 0, noise(30_000));
    tick();
  }

  /** What only the log knows. */
  private void tail(Volume volume) throws FsException {
    FileSystem files = volume.fileSystem();
    Ino tail = directory(files, Ino.ROOT, "tail", 0755);
    file(files, tail, "inlined", text(9000));
    files.syncAll(CALLER);
    tick();
    file(files, tail, "stored", noise(20_000));
    write(files, at(files, "tail", "inlined"), 4000, noise(500));
    directory(files, Ino.ROOT, "short-lived", 0755);
    files.removeDirectory(CALLER, Ino.ROOT, FileName.of("short-lived"));
    Opened unnamed =
        files.createUnnamed(CALLER, tail, new NewNode(0100600, 0), OpenFlags.READ_WRITE);
    files.write(CALLER, unnamed.handle(), 0, MemorySegment.ofArray(noise(700)), false);
    Ino open = file(files, tail, "unlinked", noise(800));
    files.open(CALLER, open, OpenFlags.READ_ONLY);
    files.unlink(CALLER, tail, FileName.of("unlinked"));
    files.syncAll(CALLER);
    file(files, tail, "last", text(10));
    files.syncAll(CALLER);
  }

  private void tick() {
    clock.advance(Duration.ofMillis(1234));
  }

  private static Ino directory(FileSystem files, Ino parent, String name, int permissions)
      throws FsException {
    return files
        .make(CALLER, parent, FileName.of(name), new NewNode(0040000 | permissions, 0))
        .ino();
  }

  private static Ino file(FileSystem files, Ino parent, String name, byte[] bytes)
      throws FsException {
    Ino ino = files.make(CALLER, parent, FileName.of(name), new NewNode(0100644, 0)).ino();
    if (bytes.length > 0) {
      write(files, ino, 0, bytes);
    }
    return ino;
  }

  private static void write(FileSystem files, Ino ino, long offset, byte[] bytes)
      throws FsException {
    long handle = files.open(CALLER, ino, OpenFlags.READ_WRITE);
    files.write(CALLER, handle, offset, MemorySegment.ofArray(bytes), false);
    files.release(handle);
  }

  private static void copy(FileSystem files, Ino from, Ino parent, String name) throws FsException {
    Attributes source = files.attributes(CALLER, from);
    Ino to = file(files, parent, name, new byte[0]);
    long in = files.open(CALLER, from, OpenFlags.READ_ONLY);
    long out = files.open(CALLER, to, OpenFlags.READ_WRITE);
    files.copy(CALLER, in, 0, out, 0, source.size());
    files.release(in);
    files.release(out);
  }

  private static void attribute(FileSystem files, Ino ino, String name, byte[] value)
      throws FsException {
    files.setExtendedAttribute(CALLER, ino, name.getBytes(StandardCharsets.UTF_8), value, 0);
  }

  /** The inode at a path. */
  private static Ino at(FileSystem files, String... path) throws FsException {
    Ino ino = Ino.ROOT;
    for (String name : path) {
      ino = files.lookup(CALLER, ino, FileName.of(name)).ino();
    }
    return ino;
  }

  /** Bytes that compress well and differ everywhere. */
  private byte[] text(int length) {
    byte[] text = new byte[length];
    for (int at = 0; at < length; ) {
      String line = "line %d of some text that goes on and on\n".formatted(random.nextInt(100_000));
      int count = Math.min(length - at, line.length());
      System.arraycopy(line.getBytes(StandardCharsets.US_ASCII), 0, text, at, count);
      at += count;
    }
    return text;
  }

  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    return noise;
  }
}
