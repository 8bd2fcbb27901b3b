package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.Succession;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeCodec;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.schema.ByteString;
import io.strata.fs.schema.FileType;
import io.strata.fs.schema.Ino;
import io.strata.fs.schema.Inode;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.MutationCodec;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.Attempts;
import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.ConditionalPut;
import io.strata.store.ListPage;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Makes a volume: its descriptor, and a first head that carries the root directory. */
final class Formatting {
  private static final int ROOT_MODE = FileType.DIRECTORY.code() << 12 | 0755;

  private Formatting() {}

  static VolumeDescriptor format(ObjectStore store, FormatOptions options, Platform platform)
      throws IOException {
    requireEmpty(store);
    Instant now = platform.clock().now();
    VolumeDescriptor volume =
        new VolumeDescriptor(
            newId(platform),
            now,
            options.label(),
            VolumeDescriptor.BLOCK_SIZE_BYTES,
            options.singleWriter(),
            options.capacityBytes());
    OncePut once = new OncePut(store, platform);
    describe(store, once, volume, platform);
    Head first = Succession.first(Owners.here().self(platform.random()), now, root(now));
    if (new Heads(store, once, volume.id()).commit(first) == OncePut.Outcome.TAKEN) {
      throw new VolumeException(
          Reason.OCCUPIED, store.location() + " was formatted by somebody else just now");
    }
    return volume;
  }

  /** Refuses a place that is not empty. */
  static void requireEmpty(ObjectStore store) throws IOException {
    ListPage found = store.list("", "", 1);
    if (!found.entries().isEmpty()) {
      boolean formatted = store.head(ObjectNames.VOLUME).isPresent();
      String first = found.entries().getFirst().key().value();
      throw new VolumeException(
          Reason.OCCUPIED,
          "%s %s: take another prefix, or strata destroy what is there"
              .formatted(
                  store.location(),
                  formatted ? "is a volume already" : "is not empty (it holds " + first + ")"));
    }
  }

  /** Puts the descriptor of a volume that has no head yet. */
  static void describe(
      ObjectStore store, OncePut once, VolumeDescriptor volume, Platform platform)
      throws IOException {
    if (VolumeObject.create(once, volume) == OncePut.Outcome.TAKEN) {
      throw new VolumeException(
          Reason.OCCUPIED, store.location() + " was formatted by somebody else just now");
    }
    try {
      requireConditionalPut(store, platform, volume, volume.singleWriter());
    } catch (VolumeException e) {
      // There is no volume yet, only its descriptor, and this is who made it.
      store.delete(List.of(ObjectNames.VOLUME));
      throw e;
    }
  }

  /**
   * Refuses a store that overwrites where it must not, unless there is but one writer. Puts the
   * descriptor's own bytes, so that nothing changes whatever the store does.
   */
  static void requireConditionalPut(
      ObjectStore store, Platform platform, VolumeDescriptor volume, boolean singleWriter)
      throws IOException {
    if (singleWriter) {
      return;
    }
    Body same = VolumeCodec.frame(volume);
    Attempts attempts = new Attempts(platform, Backoff.FOREVER);
    // A lost answer proves nothing, and to ask again changes nothing.
    if (attempts.untilCertain(
        "put " + ObjectNames.VOLUME,
        () -> ConditionalPut.honoured(store, ObjectNames.VOLUME, same))) {
      return;
    }
    throw new VolumeException(
        Reason.UNCONDITIONAL_STORE,
        store.location()
            + " ignores If-None-Match, so two daemons could destroy each other's work:"
            + " use a store that honours it, or --single-writer if there is never more than one");
  }

  /** The mutations that make the root directory. */
  private static ByteBuffer root(Instant now) {
    Timestamp born = Timestamp.of(now);
    Inode root =
        new Inode(ROOT_MODE, 2, 0, 0, 0, 0, 0, born, born, born, born, Ino.ROOT, ByteString.EMPTY);
    return ByteBuffer.wrap(MutationCodec.encode(List.of(new Mutation.InodePut(Ino.ROOT, root))));
  }

  /** An identity that no other volume has. */
  static VolumeId newId(Platform platform) {
    return new VolumeId(
        randomUuid(platform.random().nextLong(), platform.random().nextLong()));
  }

  /** A version 4 UUID (RFC 9562) of 122 random bits. */
  private static UUID randomUuid(long high, long low) {
    return new UUID(
        (high & ~0xf000L) | 0x4000L, (low & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
  }
}
