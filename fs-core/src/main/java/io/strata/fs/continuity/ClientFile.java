package io.strata.fs.continuity;

import static io.strata.fs.continuity.MappedFile.CHANGING_AT;
import static io.strata.fs.continuity.MappedFile.FIXED_AT;
import static io.strata.fs.continuity.MappedFile.HEADER_BYTES;
import static io.strata.fs.continuity.MappedFile.INT;

import io.strata.store.Epoch;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one client, mapped: its session, how many handles it has open, which of its
 * requests have taken effect. Fields that change do so by single stores.
 */
final class ClientFile {
  /** The longest session that is kept. */
  static final int SESSION_BYTES_MAX = 1024;

  private static final long MAGIC = 0x746e65696c437473L;

  private static final int SESSION_LENGTH_AT = FIXED_AT;
  private static final int FIRST_EPOCH_AT = FIXED_AT + 4;
  private static final int ACCOUNTED_AT = FIXED_AT + 8;
  private static final int SUSPECT_AT = FIXED_AT + 12;
  private static final int SESSION_AT = FIXED_AT + 64;

  private static final int SERVED_AT = CHANGING_AT;
  private static final int SLOT_EPOCH_AT = CHANGING_AT + 4;
  private static final int SYNC_TOLD_AT = CHANGING_AT + 8;

  private static final long COUNTS_AT = HEADER_BYTES;
  private static final long SLOTS_AT = COUNTS_AT + OpenCounts.BYTES;
  private static final long BYTES = SLOTS_AT + RequestSlots.BYTES;

  private final MemorySegment file;

  private ClientFile(MemorySegment file) {
    this.file = file;
  }

  /**
   * How a client begins.
   *
   * @param session what its session wants to be remembered
   * @param firstEpoch the epoch of its oldest handles
   * @param served the last epoch that it was served in
   * @param accounted what epochs up to this one lost is told by {@code suspect}
   * @param suspect handles of epochs up to this one may have lost writes; 0 if none have
   * @param open what it has open
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
  record Beginning(
      byte[] session,
      int firstEpoch,
      int served,
      int accounted,
      int suspect,
      @Nullable OpenCounts open) {
    /** A client that begins in an epoch. */
    static Beginning in(Epoch epoch, byte[] session) {
      return new Beginning(session, epoch.value(), epoch.value(), 0, 0, null);
    }

    /** A client that another host has saved. */
    static Beginning of(SavedClient saved) {
      return new Beginning(
          saved.session(),
          saved.firstEpoch(),
          saved.epoch(),
          saved.epoch() - 1,
          saved.suspect(),
          saved.open());
    }
  }

  static ClientFile create(Path path, MappedFile.Owner owner, Beginning client)
      throws IOException {
    byte[] session = client.session();
    if (session.length > SESSION_BYTES_MAX) {
      throw new IllegalArgumentException("a session of " + session.length + " bytes");
    }
    return new ClientFile(
        MappedFile.create(
            path,
            MAGIC,
            owner,
            BYTES,
            file -> {
              file.set(INT, SESSION_LENGTH_AT, session.length);
              file.set(INT, FIRST_EPOCH_AT, client.firstEpoch());
              file.set(INT, ACCOUNTED_AT, client.accounted());
              file.set(INT, SUSPECT_AT, client.suspect());
              MemorySegment.copy(
                  session, 0, file, ValueLayout.JAVA_BYTE, SESSION_AT, session.length);
              file.set(INT, SERVED_AT, client.served());
              if (client.open() != null) {
                new OpenCounts(file.asSlice(COUNTS_AT, OpenCounts.BYTES)).copyFrom(client.open());
              }
            }));
  }

  static Optional<ClientFile> open(Path path, MappedFile.Owner owner) throws IOException {
    return MappedFile.open(path, MAGIC, owner, BYTES).map(ClientFile::new);
  }

  byte[] session() {
    return file.asSlice(SESSION_AT, file.get(INT, SESSION_LENGTH_AT))
        .toArray(ValueLayout.JAVA_BYTE);
  }

  int firstEpoch() {
    return file.get(INT, FIRST_EPOCH_AT);
  }

  int accounted() {
    return file.get(INT, ACCOUNTED_AT);
  }

  int suspect() {
    return file.get(INT, SUSPECT_AT);
  }

  /** Whether the client may have been served in an epoch whose losses it does not know. */
  boolean livedIn(int epoch) {
    return epoch > accounted() && epoch >= firstEpoch() && epoch <= served();
  }

  int served() {
    return file.get(INT, SERVED_AT);
  }

  /** Notes, before anything is done for it, that an epoch serves the client. */
  void serve(int epoch) {
    file.set(INT, SERVED_AT, epoch);
    file.set(INT, SLOT_EPOCH_AT, epoch);
  }

  /** The epoch whose groups the slots name; 0 if they have all been judged. */
  int slotEpoch() {
    return file.get(INT, SLOT_EPOCH_AT);
  }

  void slotsJudged() {
    file.set(INT, SLOT_EPOCH_AT, 0);
  }

  /** The last epoch of whose losses a sync of everything has told. */
  int syncTold() {
    return file.get(INT, SYNC_TOLD_AT);
  }

  void tellSync(int epoch) {
    file.set(INT, SYNC_TOLD_AT, epoch);
  }

  OpenCounts counts() {
    return new OpenCounts(file.asSlice(COUNTS_AT, OpenCounts.BYTES));
  }

  RequestSlots slots() {
    return new RequestSlots(file.asSlice(SLOTS_AT, RequestSlots.BYTES));
  }
}
