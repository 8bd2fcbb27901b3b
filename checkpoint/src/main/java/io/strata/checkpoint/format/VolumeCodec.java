package io.strata.checkpoint.format;

import io.strata.replay.format.FieldReader;
import io.strata.replay.format.FieldWriter;
import io.strata.store.Body;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The descriptor as bytes (docs/format.md, section "Volume"). Little-endian; the payload is
 *
 * <pre>
 *  0 UUID, big-endian
 * 16 u64 seconds since 1970 of creation · u32 nanoseconds
 * 28 u32 block size
 * 32 u32 flags: 1 = single writer, 2 = clone
 * 36 u64 capacity in bytes, 0 = unlimited
 * 44 u16 length of the label · label in UTF-8
 *    of a clone: UUID of the volume that it was cloned from · text place
 * </pre>
 */
public final class VolumeCodec {
  private static final int SINGLE_WRITER = 1;
  private static final int CLONE = 2;

  private VolumeCodec() {}

  /** The whole object, ready to be put under {@link ObjectNames#VOLUME}. */
  public static Body frame(VolumeDescriptor volume) {
    FieldWriter out = new FieldWriter(64);
    Values.writeUuid(out, volume.id().uuid());
    Values.writeInstant(out, volume.created());
    Neighbour origin = volume.origin();
    int flags = (volume.singleWriter() ? SINGLE_WRITER : 0) | (origin == null ? 0 : CLONE);
    out.u32(volume.blockSizeBytes()).u32(flags);
    out.u64(volume.capacityBytes()).text(volume.label());
    if (origin != null) {
      Values.writeNeighbour(out, origin);
    }
    return Frame.wrap(FrameKind.VOLUME, volume.id(), ObjectNames.VOLUME, List.of(out.written()));
  }

  /**
   * The descriptor in an object that was read whole.
   *
   * @throws StoreException.Corrupt if it is not what was written
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static VolumeDescriptor open(ByteBuffer whole) throws StoreException {
    ByteBuffer payload = Frame.open(whole, FrameKind.VOLUME, null, ObjectNames.VOLUME);
    FieldReader in = new FieldReader(ObjectNames.VOLUME, payload);
    VolumeId id = new VolumeId(Values.readUuid(in, "volume's UUID"));
    // Once more with the identity that only the payload tells: the frame must agree.
    Frame.open(whole, FrameKind.VOLUME, id, ObjectNames.VOLUME);
    var created = Values.readInstant(in, "time of creation");
    int blockSize = in.u32("block size");
    in.require(blockSize == VolumeDescriptor.BLOCK_SIZE_BYTES, "block size is %d", blockSize);
    int flags = in.u32("flags");
    in.require((flags & ~(SINGLE_WRITER | CLONE)) == 0, "flags: %08x", flags);
    long capacity = in.u64("capacity", 0, Long.MAX_VALUE);
    String label = in.text("label");
    in.require(label.length() <= 255, "label has %d characters", label.length());
    Neighbour origin =
        (flags & CLONE) == 0 ? null : Values.readNeighbour(in, "volume that it was cloned from");
    in.end();
    return new VolumeDescriptor(
        id, created, label, blockSize, (flags & SINGLE_WRITER) != 0, capacity, origin);
  }
}
