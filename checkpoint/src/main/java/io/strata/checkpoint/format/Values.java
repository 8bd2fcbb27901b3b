package io.strata.checkpoint.format;

import io.strata.btree.PageAddress;
import io.strata.replay.format.FieldReader;
import io.strata.replay.format.FieldWriter;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The values that several stored objects are made of. */
final class Values {
  private static final byte[] NO_PAGE = new byte[PageAddress.BYTES];

  private Values() {}

  /** 16 bytes, big-endian. */
  static void writeUuid(FieldWriter out, UUID uuid) {
    out.u64(Long.reverseBytes(uuid.getMostSignificantBits()));
    out.u64(Long.reverseBytes(uuid.getLeastSignificantBits()));
  }

  static UUID readUuid(FieldReader in, String field) throws StoreException {
    return new UUID(Long.reverseBytes(in.u64(field)), Long.reverseBytes(in.u64(field)));
  }

  /** u64 seconds since 1970 (two's complement) · u32 nanoseconds. */
  static void writeInstant(FieldWriter out, Instant time) {
    out.u64(time.getEpochSecond()).u32(time.getNano());
  }

  static Instant readInstant(FieldReader in, String field) throws StoreException {
    long seconds = in.u64(field);
    int nanos = in.u32(field);
    in.require(nanos >= 0 && nanos < 1_000_000_000, "%s has %d nanoseconds", field, nanos);
    try {
      return Instant.ofEpochSecond(seconds, nanos);
    } catch (DateTimeException e) {
      throw in.damaged("%s is second %d", field, seconds);
    }
  }

  /** A page's address; all zero for none. */
  static void writeRoot(FieldWriter out, @Nullable PageAddress root) {
    out.bytes(root == null ? NO_PAGE : root.encoded());
  }

  static @Nullable PageAddress readRoot(FieldReader in, String field) throws StoreException {
    byte[] encoded = in.bytes(field, PageAddress.BYTES);
    if (Arrays.equals(encoded, NO_PAGE)) {
      return null;
    }
    try {
      return PageAddress.decode(ByteBuffer.wrap(encoded));
    } catch (IllegalArgumentException e) {
      throw in.damaged("%s: %s", field, String.valueOf(e.getMessage()));
    }
  }

  /** UUID · text place. */
  static void writeNeighbour(FieldWriter out, Neighbour neighbour) {
    writeUuid(out, neighbour.volume().uuid());
    out.text(neighbour.place().path());
  }

  static Neighbour readNeighbour(FieldReader in, String field) throws StoreException {
    VolumeId volume = new VolumeId(readUuid(in, field));
    String place = in.text(field);
    try {
      return new Neighbour(volume, new Place(place));
    } catch (IllegalArgumentException e) {
      throw in.damaged("%s: %s", field, String.valueOf(e.getMessage()));
    }
  }

  /** u32. */
  static Epoch readEpoch(FieldReader in, String field) throws StoreException {
    int value = in.u32(field);
    in.require(value >= 1 && value <= Epoch.MAX, "%s is %08x", field, value);
    return new Epoch(value);
  }

  /** u32 epoch · u64 sequence. */
  static void writePosition(FieldWriter out, LogPosition position) {
    out.u32(position.epoch().value()).u64(position.sequence());
  }

  static LogPosition readPosition(FieldReader in, String field) throws StoreException {
    return new LogPosition(readEpoch(in, field), in.u64(field, 0, Long.MAX_VALUE));
  }

  /** u64 number · u32 checksum. */
  static void writeHeadReference(FieldWriter out, HeadReference head) {
    out.u64(head.number()).u32(head.crc());
  }

  static HeadReference readHeadReference(FieldReader in, String field) throws StoreException {
    return new HeadReference(in.u64(field, 1, Long.MAX_VALUE), in.u32(field));
  }

  /** Four u64: inodes, used bytes, pages, pack bytes. */
  static void writeCounters(FieldWriter out, TreeCounters counters) {
    out.u64(counters.inodes()).u64(counters.usedBytes());
    out.u64(counters.pages()).u64(counters.packBytes());
  }

  static TreeCounters readCounters(FieldReader in) throws StoreException {
    return new TreeCounters(
        in.u64("inode count", 0, Long.MAX_VALUE),
        in.u64("used bytes", 0, Long.MAX_VALUE),
        in.u64("page count", 0, Long.MAX_VALUE),
        in.u64("pack bytes", 0, Long.MAX_VALUE));
  }
}
