package io.strata.fs.continuity;

import io.strata.store.VolumeId;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Files of fixed size that are mapped into memory: what is stored into them is there when the
 * process is not any more. Each begins with {@link #HEADER_BYTES} that say whose it is; the first
 * half of those never changes and has a checksum.
 */
final class MappedFile {
  /** The header, a page. */
  static final int HEADER_BYTES = 4096;

  /** What a kind of file adds to the first half of the header begins here. */
  static final int FIXED_AT = 128;

  /** What may change in the header begins here. */
  static final int CHANGING_AT = 2048;

  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  /** Stores and loads as they stand in the program. */
  static final VarHandle LONGS = LONG.varHandle();

  private static final int CRC_AT = 8;
  private static final int VERSION_AT = 12;
  private static final int VOLUME_AT = 16;
  private static final int BOOT_AT = 32;
  private static final int BOOT_BYTES = 64;
  private static final int VERSION = 1;

  private MappedFile() {}

  /**
   * Whose files these are.
   *
   * @param volume the volume
   * @param boot the run of this host; files of another are worth nothing, as are all if it is empty
   */
  record Owner(VolumeId volume, String boot) {
    private byte[] bootBytes() {
      byte[] bytes = boot.getBytes(StandardCharsets.UTF_8);
      return Arrays.copyOf(bytes, BOOT_BYTES);
    }
  }

  /** Fills the part of a new file's header that never changes, and the rest. */
  @FunctionalInterface
  interface Filling {
    void fill(MemorySegment file);
  }

  /** Puts a new file in the place of what may be there, at once and whole. */
  static MemorySegment create(Path path, long magic, Owner owner, long bytes, Filling filling)
      throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    MemorySegment file;
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW)) {
      // Real zeros: a store into a hole that the disk has no room for would end the process.
      ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
      for (long at = 0; at < bytes; ) {
        zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - at));
        at += channel.write(zeros);
      }
      file = channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
    }
    file.set(LONG, 0, magic);
    file.set(INT, VERSION_AT, VERSION);
    UUID uuid = owner.volume().uuid();
    file.set(LONG, VOLUME_AT, uuid.getMostSignificantBits());
    file.set(LONG, VOLUME_AT + 8, uuid.getLeastSignificantBits());
    MemorySegment.copy(
        owner.bootBytes(), 0, file, ValueLayout.JAVA_BYTE, BOOT_AT, BOOT_BYTES);
    filling.fill(file);
    file.set(INT, CRC_AT, crc(file));
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  /** Maps a file, if it is there, is whole and belongs to this owner. */
  static Optional<MemorySegment> open(Path path, long magic, Owner owner, long bytes)
      throws IOException {
    if (!Files.isRegularFile(path) || owner.boot().isEmpty()) {
      return Optional.empty();
    }
    MemorySegment file;
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (channel.size() != bytes) {
        return Optional.empty();
      }
      file = channel.map(MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
    }
    UUID uuid = new UUID(file.get(LONG, VOLUME_AT), file.get(LONG, VOLUME_AT + 8));
    MemorySegment boot = file.asSlice(BOOT_AT, BOOT_BYTES);
    boolean ours =
        file.get(LONG, 0) == magic
            && file.get(INT, VERSION_AT) == VERSION
            && file.get(INT, CRC_AT) == crc(file)
            && uuid.equals(owner.volume().uuid())
            && boot.mismatch(MemorySegment.ofArray(owner.bootBytes())) < 0;
    return ours ? Optional.of(file) : Optional.empty();
  }

  private static int crc(MemorySegment file) {
    CRC32C crc = new CRC32C();
    crc.update(file.asSlice(VERSION_AT, CHANGING_AT - VERSION_AT).asByteBuffer());
    return (int) crc.getValue();
  }
}
