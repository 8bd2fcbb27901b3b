package io.strata.cli.rehearsal;

import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.FormatOptions;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.Volume;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.server.FuseSession;
import io.strata.fuse.server.SessionOptions;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;

/** What programs do to a mounted volume, as the kernel tells it: files made, read and removed. */
public final class Rehearsal {
  /** Enough for the hottest methods to be compiled for good, and no more than seconds. */
  private static final int FILES = 3000;

  private static final int FILES_A_DIRECTORY = 100;
  private static final int FILES_A_SYNC = 50;
  private static final int BYTES = 4096;
  private static final int LISTING_BYTES = 64 << 10;

  private static final String SYNCED = "synced";
  private static final int SYNCS = 1000;
  private static final String LARGE = "large";
  private static final int PIECE_BYTES = Kernel.PAYLOAD_BYTES_MAX;

  /** More than is read ahead. */
  private static final int PIECES = 160;

  private static final int PERMISSIONS_DIRECTORY = 0755;
  private static final int MODE_FILE = 0100644;
  private static final int UMASK = 022;
  private static final int CREATE_FLAGS = 0101;
  private static final int WRITE_FROM_CACHE = 1;
  private static final int SET_TIMES = 1 << 5 | 1 << 10;
  private static final int STATX_BASIC_AND_BIRTH = 0xfff;

  /** Where an answer that names an inode has its number, and one that opens a file the handle. */
  private static final int NODE_AT = 0;

  private static final int CREATED_HANDLE_AT = 128;
  private static final int OPENED_HANDLE_AT = 0;
  private static final long ROOT = 1;

  private final Kernel kernel;
  private final byte[] content = new byte[BYTES];

  private Rehearsal(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Something to do in a mounted volume. */
  @FunctionalInterface
  private interface Part {
    void play(Rehearsal rehearsal);
  }

  /**
   * Works on a volume that has been formatted and is not open.
   *
   * @param url of a store that is in memory or empty again soon
   */
  public static void run(String url) throws IOException {
    mounted(
        url,
        rehearsal -> {
          for (int i = 0; i < FILES; i += FILES_A_DIRECTORY) {
            rehearsal.directory("directory" + i);
          }
        });
    largeFile(url);
  }

  /**
   * Does the same in a bucket of its own with a large file and one that is synced often: what an S3
   * client needs to start takes longer than what a volume does. It needs credentials, any.
   */
  public static void runOnS3() throws IOException {
    try (PracticeBucket bucket = PracticeBucket.open()) {
      Platform platform = SystemPlatform.create();
      try (StoreConnection connection =
          StoreConnection.open(bucket.url(), VolumeSession.PATIENCE, platform)) {
        Volume.format(connection.store(), FormatOptions.DEFAULT, platform);
      }
      mounted(bucket.url(), Rehearsal::writeAndSync);
      largeFile(bucket.url());
    }
  }

  /** Reads by another session what one has written, so that it comes from the store. */
  private static void largeFile(String url) throws IOException {
    mounted(url, Rehearsal::writeLarge);
    mounted(url, Rehearsal::readLarge);
  }

  private static void mounted(String url, Part part) throws IOException {
    try (VolumeSession volume =
            VolumeSession.open(url, OpenOptions.DEFAULT, VolumeSession.PATIENCE);
        Arena arena = Arena.ofShared()) {
      FuseSession session =
          new FuseSession(
              volume.volume().fileSystem(), SessionOptions.standard(), volume.platform(), null);
      Rehearsal rehearsal = new Rehearsal(new Kernel(session, arena));
      rehearsal.initialize();
      part.play(rehearsal);
    }
  }

  private void writeAndSync() {
    Kernel.Answer created = create(ROOT, SYNCED);
    long node = created.u64(NODE_AT);
    long handle = created.u64(CREATED_HANDLE_AT);
    for (int i = 0; i < SYNCS; i++) {
      write(node, handle, (long) i * BYTES, content);
      setTimes(node, handle);
      sync(node, handle);
    }
    release(Opcode.RELEASE, node, handle);
    remove(ROOT, SYNCED);
  }

  private void writeLarge() {
    Kernel.Answer created = create(ROOT, LARGE);
    long node = created.u64(NODE_AT);
    long handle = created.u64(CREATED_HANDLE_AT);
    // Half of it compresses.
    byte[] piece = new byte[PIECE_BYTES];
    new Random(1).nextBytes(piece);
    Arrays.fill(piece, 0, PIECE_BYTES / 2, (byte) 'a');
    for (int i = 0; i < PIECES; i++) {
      write(node, handle, (long) i * PIECE_BYTES, piece);
    }
    sync(node, handle);
    release(Opcode.RELEASE, node, handle);
  }

  private void readLarge() {
    long node = lookUp(ROOT, LARGE);
    long handle = open(node);
    for (int i = 0; i < PIECES; i++) {
      read(node, handle, (long) i * PIECE_BYTES, PIECE_BYTES);
    }
    release(Opcode.RELEASE, node, handle);
    remove(ROOT, LARGE);
  }

  private void initialize() {
    kernel.request(Opcode.INIT, 0).u32(7).u32(45).u32(1 << 17).u32(-1).u32(0).zeros(44).send();
  }

  private void directory(String name) {
    long directory =
        kernel
            .request(Opcode.MKDIR, ROOT)
            .u32(PERMISSIONS_DIRECTORY)
            .u32(UMASK)
            .string(name)
            .send()
            .u64(NODE_AT);
    for (int i = 0; i < FILES_A_DIRECTORY; i++) {
      make(directory, "file" + i, i % FILES_A_SYNC == 0);
    }
    list(directory);
    for (int i = 0; i < FILES_A_DIRECTORY; i++) {
      read(directory, "file" + i);
      rename(directory, "file" + i);
    }
    for (int i = 0; i < FILES_A_DIRECTORY; i++) {
      remove(directory, "renamed" + i);
      attributes(directory);
    }
    kernel.request(Opcode.RMDIR, ROOT).string(name).send();
  }

  private void make(long directory, String name, boolean sync) {
    attributes(directory);
    kernel.request(Opcode.LOOKUP, directory).string(name).send();
    Kernel.Answer created = create(directory, name);
    long node = created.u64(NODE_AT);
    long handle = created.u64(CREATED_HANDLE_AT);
    kernel.request(Opcode.GETXATTR, node).u64(0).string("security.capability").send();
    write(node, handle, 0, content);
    setTimes(node, handle);
    if (sync) {
      sync(node, handle);
    }
    release(Opcode.RELEASE, node, handle);
    kernel.request(Opcode.STATX, node).zeros(20).u32(STATX_BASIC_AND_BIRTH).send();
  }

  private Kernel.Answer create(long directory, String name) {
    return kernel
        .request(Opcode.CREATE, directory)
        .u32(CREATE_FLAGS)
        .u32(MODE_FILE)
        .u32(UMASK)
        .u32(0)
        .string(name)
        .send();
  }

  private void write(long node, long handle, long offset, byte[] bytes) {
    kernel
        .request(Opcode.WRITE, node)
        .u64(handle)
        .u64(offset)
        .u32(bytes.length)
        .u32(WRITE_FROM_CACHE)
        .zeros(16)
        .bytes(bytes)
        .send();
  }

  private void sync(long node, long handle) {
    kernel.request(Opcode.FSYNC, node).u64(handle).u64(0).send();
  }

  private void remove(long directory, String name) {
    kernel.request(Opcode.UNLINK, directory).string(name).send();
  }

  private long lookUp(long directory, String name) {
    return kernel.request(Opcode.LOOKUP, directory).string(name).send().u64(NODE_AT);
  }

  private long open(long node) {
    return kernel.request(Opcode.OPEN, node).u64(0).send().u64(OPENED_HANDLE_AT);
  }

  private void setTimes(long node, long handle) {
    kernel
        .request(Opcode.SETATTR, node)
        .u32(SET_TIMES)
        .u32(0)
        .u64(handle)
        .zeros(72)
        .send();
  }

  private void read(long node, long handle, long offset, int length) {
    kernel
        .request(Opcode.READ, node)
        .u64(handle)
        .u64(offset)
        .u32(length)
        .zeros(20)
        .send();
  }

  private void list(long directory) {
    long handle = kernel.request(Opcode.OPENDIR, directory).u64(0).send().u64(OPENED_HANDLE_AT);
    kernel
        .request(Opcode.READDIRPLUS, directory)
        .u64(handle)
        .u64(0)
        .u32(LISTING_BYTES)
        .zeros(20)
        .send();
    release(Opcode.RELEASEDIR, directory, handle);
  }

  private void read(long directory, String name) {
    long node = lookUp(directory, name);
    long handle = open(node);
    read(node, handle, 0, BYTES);
    release(Opcode.RELEASE, node, handle);
  }

  private void rename(long directory, String name) {
    String newName = name.replace("file", "renamed");
    kernel.request(Opcode.LOOKUP, directory).string(newName).send();
    kernel
        .request(Opcode.RENAME2, directory)
        .u64(directory)
        .u64(0)
        .string(name)
        .string(newName)
        .send();
    attributes(directory);
  }

  private void attributes(long node) {
    kernel.request(Opcode.GETATTR, node).zeros(16).send();
  }

  private void release(Opcode opcode, long node, long handle) {
    kernel.request(opcode, node).u64(handle).zeros(16).send();
  }
}
