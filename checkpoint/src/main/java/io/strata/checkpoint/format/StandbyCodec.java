package io.strata.checkpoint.format;

import io.strata.replay.format.FieldReader;
import io.strata.replay.format.FieldWriter;
import io.strata.store.Body;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Announcements of standbys as bytes (docs/format.md, section "Standby"). Little-endian; the payload
 * is
 *
 * <pre>
 *  0 token, 16 bytes, as in the key
 * 16 u64 seconds since 1970 of the announcement · u32 nanoseconds
 * 28 u16 length · who waits, in UTF-8
 * </pre>
 */
public final class StandbyCodec {
  private StandbyCodec() {}

  /** The whole object, ready to be put under {@link ObjectNames#standby}. */
  public static Body frame(VolumeId volume, UUID token, Instant time, String who) {
    FieldWriter out = new FieldWriter(64);
    Values.writeUuid(out, token);
    Values.writeInstant(out, time);
    return Frame.wrap(
        FrameKind.STANDBY, volume, ObjectNames.standby(token), List.of(out.text(who).written()));
  }

  /**
   * Who announces himself in an object that was read whole.
   *
   * @throws StoreException.Corrupt if it is not what was written
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static String open(VolumeId volume, ObjectKey key, ByteBuffer whole)
      throws StoreException {
    FieldReader in = new FieldReader(key, Frame.open(whole, FrameKind.STANDBY, volume, key));
    UUID token = Values.readUuid(in, "token");
    in.require(ObjectNames.standby(token).equals(key), "token is %s", token);
    Values.readInstant(in, "time");
    String who = in.text("who waits");
    in.end();
    return who;
  }
}
