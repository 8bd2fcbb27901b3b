package io.strata.replay;

import io.strata.replay.format.Dependency;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.InlineRun;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An entry on its way: collects groups, is cut, is sent, is stored. Guarded by the log's lock. */
final class PendingEntry {
  /** How far an entry is. */
  enum Stage {
    /** Takes groups. */
    COLLECTING,
    /** Has its place in the log and does not change any more. */
    CUT,
    /** Is being put, or waits for that. */
    SENT,
    /** Was put and refused. */
    REFUSED,
    /** Its object and the segments that it names are in the store. */
    STORED
  }

  private static final long GROUP_HEADER_BYTES = 8;

  private final long firstGroup;
  private List<byte[]> groups = new ArrayList<>();
  private int groupCount;
  private long groupBytes;
  private LogEntry.@Nullable Stored entry;
  private Stage stage = Stage.COLLECTING;
  private List<PendingSegment> segments = List.of();
  private long sentNanos;
  private CompletableFuture<Void> committed = new CompletableFuture<>();

  PendingEntry(long firstGroup) {
    this.firstGroup = firstGroup;
  }

  /** What a group counts for: also an empty one takes room. */
  static long storedBytes(byte[] group) {
    return GROUP_HEADER_BYTES + group.length;
  }

  void add(byte[] group) {
    groups.add(group);
    groupCount++;
    groupBytes += storedBytes(group);
  }

  /** Takes its place; returns how many bytes of groups and inline data it has. */
  long cut(LogPosition position, HeadReference head, Attachment data) {
    List<Dependency> dependencies = new ArrayList<>(data.segments().size());
    for (PendingSegment pending : data.segments()) {
      dependencies.add(pending.segment());
    }
    List<InlineRun> inline = new ArrayList<>(data.inline().size());
    for (InlineRun run : data.inline()) {
      inline.add(copy(run));
    }
    LogEntry.Groups cut =
        new LogEntry.Groups(position, head, firstGroup, dependencies, groups, inline);
    entry = cut;
    segments = data.segments();
    stage = Stage.CUT;
    groups = List.of();
    return cut.bytes();
  }

  /** Becomes an entry without groups, which only says that its owner lives. */
  void cutRenewal(LogPosition position, HeadReference head, Duration term) {
    entry = new LogEntry.Renewal(position, head, firstGroup, term);
    stage = Stage.CUT;
    groups = List.of();
  }

  /** Becomes an entry without groups, behind which another state goes on. */
  void cutTurn(LogPosition position, HeadReference head, long number) {
    entry = new LogEntry.Turn(position, head, firstGroup, number);
    stage = Stage.CUT;
    groups = List.of();
  }

  /** The segment's memory may be used again while the entry still waits to be encoded. */
  private static InlineRun copy(InlineRun run) {
    ByteBuffer bytes = run.bytes();
    ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    return new InlineRun(run.nonce(), run.logicalOffset(), copy);
  }

  LogEntry.Stored entry() {
    LogEntry.Stored cut = entry;
    if (cut == null) {
      throw new IllegalStateException("entry is not cut, or its bytes have been let go");
    }
    return cut;
  }

  boolean isRenewal() {
    return groupCount == 0 && stage != Stage.COLLECTING;
  }

  /** The segments that the entry needs. */
  List<PendingSegment> segments() {
    return segments;
  }

  Stage stage() {
    return stage;
  }

  void sent() {
    stage = Stage.SENT;
  }

  void refused() {
    stage = Stage.REFUSED;
  }

  /** Everything is safe in the store, and leaves memory. */
  void stored(long nanos) {
    stage = Stage.STORED;
    sentNanos = nanos;
    entry = null;
    segments = List.of();
  }

  /** When it was sent first, once it is stored. */
  long sentNanos() {
    return sentNanos;
  }

  long firstGroup() {
    return firstGroup;
  }

  long lastGroup() {
    return firstGroup + groupCount - 1;
  }

  long groupBytes() {
    return groupBytes;
  }

  /** Completes when the entry is committed, or fails for those who wait at that moment. */
  CompletableFuture<Void> committed() {
    return committed;
  }

  void fail(ReplayFailure failure) {
    CompletableFuture<Void> waiters = committed;
    committed = new CompletableFuture<>();
    waiters.completeExceptionally(failure);
  }
}
