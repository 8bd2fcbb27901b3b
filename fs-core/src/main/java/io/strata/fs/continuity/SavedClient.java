package io.strata.fs.continuity;

import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A client as it travels to another host.
 *
 * @param volume whose client
 * @param epoch that served it last
 * @param firstEpoch the epoch of its oldest handles
 * @param suspect handles of epochs up to this one may have lost writes; 0 if none have
 * @param session what its session wants to be remembered
 * @param open what it has open; does not change any more
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
record SavedClient(
    VolumeId volume, int epoch, int firstEpoch, int suspect, byte[] session, OpenCounts open) {
  private static final int MAGIC = 0x53745243;
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 4 + 4 + 16 + 3 * 4 + 4 + 4 + 4;

  byte[] encode() {
    int counters = 0;
    for (int bucket = 0; bucket < OpenCounts.BUCKETS; bucket++) {
      counters += open.get(bucket) > 0 ? 1 : 0;
    }
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + session.length + 20 * counters);
    out.putInt(MAGIC).putInt(VERSION);
    out.putLong(volume.uuid().getMostSignificantBits());
    out.putLong(volume.uuid().getLeastSignificantBits());
    out.putInt(epoch).putInt(firstEpoch).putInt(suspect);
    out.putInt(session.length).put(session);
    out.putInt(counters);
    for (int bucket = 0; bucket < OpenCounts.BUCKETS; bucket++) {
      long count = open.get(bucket);
      if (count > 0) {
        out.putInt(bucket).putLong(count).putLong(open.sum(bucket));
      }
    }
    out.putInt(crc(out.array(), out.position()));
    return out.array();
  }

  /**
   * Reads what another host has written.
   *
   * @throws IOException if it is damaged or of another version
   */
  static SavedClient decode(byte[] bytes) throws IOException {
    if (bytes.length < FIXED_BYTES) {
      throw new IOException("the state of a client has only " + bytes.length + " bytes");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      if (in.getInt() != MAGIC || in.getInt() != VERSION) {
        throw new IOException("the state of a client is of an unknown kind or version");
      }
      if (ByteBuffer.wrap(bytes, bytes.length - 4, 4).getInt() != crc(bytes, bytes.length - 4)) {
        throw new IOException("the state of a client is damaged");
      }
      VolumeId volume = new VolumeId(new UUID(in.getLong(), in.getLong()));
      int epoch = in.getInt();
      int firstEpoch = in.getInt();
      int suspect = in.getInt();
      int length = in.getInt();
      if (length < 0 || length > ClientFile.SESSION_BYTES_MAX) {
        throw new IOException("the state of a client has a session of " + length + " bytes");
      }
      byte[] session = new byte[length];
      in.get(session);
      return new SavedClient(volume, epoch, firstEpoch, suspect, session, counts(in));
    } catch (BufferUnderflowException e) {
      throw new IOException("the state of a client is cut off", e);
    }
  }

  private static OpenCounts counts(ByteBuffer in) throws IOException {
    OpenCounts open = OpenCounts.onHeap();
    int counters = in.getInt();
    for (int i = 0; i < counters; i++) {
      int bucket = in.getInt();
      long count = in.getLong();
      if (bucket < 0 || bucket >= OpenCounts.BUCKETS || count < 1) {
        throw new IOException("the state of a client counts handles that cannot be");
      }
      open.add(bucket, count, in.getLong());
    }
    return open;
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
