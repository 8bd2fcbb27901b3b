package io.strata.checkpoint.format;

import io.strata.replay.format.FieldReader;
import io.strata.replay.format.FieldWriter;
import io.strata.replay.format.HeadReference;
import io.strata.store.Body;
import io.strata.store.Epoch;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import io.strata.store.lineage.Lineage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Heads as bytes (docs/format.md, section "Head"). Little-endian; a time is u64 seconds since 1970
 * and u32 nanoseconds, a position u32 epoch and u64 sequence, a page u64 pack, u32 offset, u32
 * length, u32 CRC32C (all zero: none), a text u16 length and UTF-8. The payload is
 *
 * <pre>
 *   0 u64 number
 *   8 u32 epoch
 *  12 u32 state: 0 open, 1 closed
 *  16 u32 CRC32C of the predecessor's payload
 *  20 u64 number, u32 CRC32C of the head that the epoch began with; zero: this one
 *  32 time
 *  44 root page
 *  64 u64 inodes · u64 used bytes · u64 pages · u64 pack bytes
 *  96 u64 next nonce counter
 * 104 position where replay begins
 * 116 position of the first log object that may exist
 * 128 owner: text host · text boot id · u64 pid · u64 its start time · token (16, big-endian)
 *            · text
 *     u32 count · earlier logs: u32 epoch · u64 number, u32 CRC32C of its first head · u64 from
 *            · u64 end, all ones if open
 *     u32 count · retained checkpoints: u64 number · time · root page · four u64 as above
 *            · position
 *     u32 count · named snapshots: text name · checkpoint as above
 *     u32 count · heads that may be deleted: u64 number
 *     u32 length · u32 CRC32C · carry
 *     nothing more, or: u32 count · ancestors: u32 last epoch · UUID · text place
 *            · u32 count · snapshots that are kept for clones: text name · UUID · text place
 *            · nothing more, or: u32 count · rules for snapshots: u64 seconds · u32 how many
 * </pre>
 */
public final class HeadCodec {
  private static final long NO_END = -1;

  private HeadCodec() {}

  /** The whole object, ready to be put under {@code ObjectNames.head(head.number())}. */
  public static Body frame(VolumeId volume, Head head) {
    ObjectKey key = ObjectNames.head(head.number());
    return Frame.wrap(FrameKind.HEAD, volume, key, List.of(encode(head)));
  }

  /** CRC32C of the payload of this head's object. */
  public static int payloadCrc(Head head) {
    return crc(encode(head));
  }

  /**
   * The head in an object that was read whole.
   *
   * @throws StoreException.Corrupt if it is not the head that was written under this number
   * @throws StoreException.TooNew if a later version of Strata wrote it
   */
  public static StoredHead open(VolumeId volume, long number, ByteBuffer whole)
      throws StoreException {
    ObjectKey key = ObjectNames.head(number);
    ByteBuffer payload = Frame.open(whole, FrameKind.HEAD, volume, key);
    return new StoredHead(decode(number, payload), crc(payload));
  }

  private static int crc(ByteBuffer payload) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return (int) crc.getValue();
  }

  static ByteBuffer encode(Head head) {
    FieldWriter out = new FieldWriter(4096);
    out.u64(head.number()).u32(head.epoch().value()).u32(head.state().code());
    out.u32(head.predecessorCrc());
    HeadReference opened = head.opened();
    out.u64(opened == null ? 0 : opened.number()).u32(opened == null ? 0 : opened.crc());
    Values.writeInstant(out, head.time());
    Values.writeRoot(out, head.root());
    Values.writeCounters(out, head.counters());
    out.u64(head.nextNonce());
    Values.writePosition(out, head.replayFrom());
    Values.writePosition(out, head.garbage().logsFrom());
    writeOwner(out, head.owner());
    out.u32(head.earlier().size());
    head.earlier().forEach(range -> writeRange(out, range));
    out.u32(head.retained().size());
    head.retained().forEach(checkpoint -> writeRetained(out, checkpoint));
    out.u32(head.snapshots().size());
    for (NamedSnapshot snapshot : head.snapshots()) {
      writeRetained(out.text(snapshot.name()), snapshot.checkpoint());
    }
    out.u32(head.garbage().heads().size());
    head.garbage().heads().forEach(out::u64);
    out.checkedBytes(head.carry());
    writeSharing(out, head);
    return out.written();
  }

  /** What only heads have that share objects with other volumes, or have a schedule. */
  private static void writeSharing(FieldWriter out, Head head) {
    List<NamedSnapshot> cloned =
        head.snapshots().stream().filter(snapshot -> snapshot.keptFor() != null).toList();
    if (head.lineage().isNone() && cloned.isEmpty() && head.schedule().isEmpty()) {
      return;
    }
    out.u32(head.lineage().ancestors().size());
    for (Ancestor ancestor : head.lineage().ancestors()) {
      out.u32(ancestor.last().value());
      Values.writeNeighbour(out, new Neighbour(ancestor.volume(), ancestor.place()));
    }
    out.u32(cloned.size());
    for (NamedSnapshot snapshot : cloned) {
      Values.writeNeighbour(out.text(snapshot.name()), Objects.requireNonNull(snapshot.keptFor()));
    }
    if (!head.schedule().isEmpty()) {
      out.u32(head.schedule().size());
      head.schedule().forEach(rule -> out.u64(rule.every().toSeconds()).u32(rule.keep()));
    }
  }

  /** What a head shares, and its schedule. */
  private record Sharing(
      Lineage lineage, Map<String, Neighbour> clones, List<KeepRule> schedule) {}

  private static Sharing readSharing(FieldReader in) throws StoreException {
    if (in.remaining() == 0) {
      return new Sharing(Lineage.NONE, Map.of(), List.of());
    }
    List<Ancestor> ancestors =
        readList(
            in,
            "ancestor count",
            22,
            each -> {
              Epoch last = Values.readEpoch(each, "ancestor's last epoch");
              Neighbour volume = Values.readNeighbour(each, "ancestor");
              return new Ancestor(last, volume.volume(), volume.place());
            });
    Map<String, Neighbour> clones = new HashMap<>();
    List<String> names =
        readList(
            in,
            "clone count",
            20,
            each -> {
              String name = each.text("name of a clone's snapshot");
              clones.put(name, Values.readNeighbour(each, "clone"));
              return name;
            });
    boolean more = in.remaining() > 0;
    List<KeepRule> schedule =
        more ? readList(in, "rule count", 12, HeadCodec::readRule) : List.of();
    in.require(
        schedule.size() <= KeepRule.COUNT_MAX, "it has %d rules for snapshots", schedule.size());
    in.require(
        more ? !schedule.isEmpty() : !ancestors.isEmpty() || !names.isEmpty(),
        "it shares nothing or has no rules, and says so");
    try {
      return new Sharing(new Lineage(ancestors), clones, schedule);
    } catch (IllegalArgumentException e) {
      throw in.damaged("%s", String.valueOf(e.getMessage()));
    }
  }

  static Head decode(long number, ByteBuffer payload) throws StoreException {
    FieldReader in = new FieldReader(ObjectNames.head(number), payload);
    long stored = in.u64("number");
    in.require(stored == number, "number: %d, expected %d", stored, number);
    Epoch epoch = Values.readEpoch(in, "epoch");
    HeadState state = readState(in);
    int predecessorCrc = in.u32("predecessor's checksum");
    HeadReference opened = readOpened(in);
    var time = Values.readInstant(in, "time");
    var root = Values.readRoot(in, "root");
    TreeCounters counters = Values.readCounters(in);
    long nextNonce = in.u64("next nonce", 0, 1L << 32);
    var replayFrom = Values.readPosition(in, "replay position");
    in.require(replayFrom.epoch().equals(epoch), "epoch %s replays from %s", epoch, replayFrom);
    var logsFrom = Values.readPosition(in, "first log object");
    Owner owner = readOwner(in);
    List<LogRange> earlier = readList(in, "earlier log count", 32, HeadCodec::readRange);
    List<RetainedCheckpoint> retained =
        readList(in, "retained checkpoint count", 84, HeadCodec::readRetained);
    List<NamedSnapshot> snapshots =
        readList(
            in,
            "snapshot count",
            86,
            each -> new NamedSnapshot(each.text("snapshot's name"), readRetained(each)));
    List<Long> dropped =
        readList(
            in, "deletable head count", 8, each -> each.u64("deletable head", 1, Long.MAX_VALUE));
    ByteBuffer carry = in.checkedBytes("carry");
    Sharing sharing = readSharing(in);
    in.end();
    Set<String> names = new HashSet<>(snapshots.stream().map(NamedSnapshot::name).toList());
    in.require(
        names.containsAll(sharing.clones().keySet()), "it keeps what it does not have for a clone");
    snapshots =
        snapshots.stream()
            .map(
                each ->
                    new NamedSnapshot(
                        each.name(), each.checkpoint(), sharing.clones().get(each.name())))
            .toList();
    return new Head(
        number,
        epoch,
        owner,
        time,
        state,
        predecessorCrc,
        opened,
        root,
        counters,
        replayFrom,
        earlier,
        carry,
        nextNonce,
        retained,
        snapshots,
        new HeadGarbage(logsFrom, dropped),
        sharing.lineage(),
        sharing.schedule());
  }

  private static KeepRule readRule(FieldReader in) throws StoreException {
    long seconds =
        in.u64(
            "rule's span",
            KeepRule.EVERY_MIN.toSeconds(),
            KeepRule.EVERY_MAX.toSeconds());
    int keep = in.u32("rule's number of spans");
    in.require(
        keep >= 1 && keep <= KeepRule.KEEP_MAX, "a rule keeps %d snapshots", keep);
    return new KeepRule(Duration.ofSeconds(seconds), keep);
  }

  private static HeadState readState(FieldReader in) throws StoreException {
    int code = in.u32("state");
    for (HeadState state : HeadState.values()) {
      if (state.code() == code) {
        return state;
      }
    }
    throw in.damaged("state is %d", code);
  }

  private static @Nullable HeadReference readOpened(FieldReader in) throws StoreException {
    long number = in.u64("first head of the epoch", 0, Long.MAX_VALUE);
    int crc = in.u32("checksum of the epoch's first head");
    return number == 0 ? null : new HeadReference(number, crc);
  }

  private static void writeOwner(FieldWriter out, Owner owner) {
    out.text(owner.host()).text(owner.bootId()).u64(owner.pid()).u64(owner.pidStartTime());
    Values.writeUuid(out, owner.token());
    out.text(owner.text());
  }

  private static Owner readOwner(FieldReader in) throws StoreException {
    return new Owner(
        in.text("owner's host"),
        in.text("owner's boot id"),
        in.u64("owner's pid"),
        in.u64("owner's start time"),
        Values.readUuid(in, "owner's token"),
        in.text("owner's name"));
  }

  private static void writeRange(FieldWriter out, LogRange range) {
    out.u32(range.epoch().value());
    Values.writeHeadReference(out, range.head());
    out.u64(range.from()).u64(range.end().orElse(NO_END));
  }

  private static LogRange readRange(FieldReader in) throws StoreException {
    Epoch epoch = Values.readEpoch(in, "earlier log's epoch");
    HeadReference head = Values.readHeadReference(in, "earlier log's head");
    long from = in.u64("earlier log's start", 0, Long.MAX_VALUE);
    long end = in.u64("earlier log's end");
    in.require(end == NO_END || end >= from, "earlier log of %s ends before it starts", epoch);
    return new LogRange(
        epoch, head, from, end == NO_END ? OptionalLong.empty() : OptionalLong.of(end));
  }

  private static void writeRetained(FieldWriter out, RetainedCheckpoint checkpoint) {
    out.u64(checkpoint.number());
    Values.writeInstant(out, checkpoint.time());
    Values.writeRoot(out, checkpoint.root());
    Values.writeCounters(out, checkpoint.counters());
    Values.writePosition(out, checkpoint.replayFrom());
  }

  private static RetainedCheckpoint readRetained(FieldReader in) throws StoreException {
    return new RetainedCheckpoint(
        in.u64("retained checkpoint's number", 1, Long.MAX_VALUE),
        Values.readInstant(in, "retained checkpoint's time"),
        Values.readRoot(in, "retained checkpoint's root"),
        Values.readCounters(in),
        Values.readPosition(in, "retained checkpoint's replay position"));
  }

  /** Reads one thing of a list. */
  @FunctionalInterface
  private interface Reader<T> {
    T read(FieldReader in) throws StoreException;
  }

  private static <T> List<T> readList(FieldReader in, String field, int bytesEach, Reader<T> reader)
      throws StoreException {
    int count = in.count(field, bytesEach);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(reader.read(in));
    }
    return list;
  }
}
