package io.strata.fs.volume;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.StoredHead;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Clock;
import io.strata.replay.EntryVisitor;
import io.strata.replay.LogEnd;
import io.strata.replay.LogReader;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Watches from outside whether the owner of a volume lives, by what it puts: two small requests a
 * look. Confined to one thread.
 *
 * <p>Silence is counted from the last look that found nothing new before the owner's last sign, so
 * never from later than that sign; and anew after a time in which this process or its store did not
 * look, so that an outage of the store for all is not taken for the death of one.
 */
final class OwnerWatch {
  /** Silence of so many halves of a term means that the owner is gone. */
  private static final int SILENCE_HALVES = 3;

  /** How often it is looked in a term, so that silence exceeds the term whenever it ends. */
  private static final int LOOKS = 6;

  /** After so many terms heads and log may have gone on beyond what is still there to be found. */
  private static final int STALE_TERMS = 10;

  private final LogReader logs;
  private final Heads heads;
  private final Clock clock;
  private final Duration ownTerm;
  private StoredHead head;
  private LogPosition end;
  private @Nullable Duration promised;
  private boolean looked;
  private long signs;
  private long lookedNanos;
  private long quietNanos;

  /**
   * A watch that has seen the log up to a place.
   *
   * @param head the newest head
   * @param end the first place of the owner's log that is not known
   * @param promised the term of the owner's promise to be heard, if one was seen
   * @param ownTerm the term of an owner who promised nothing
   */
  OwnerWatch(
      LogReader logs,
      Heads heads,
      StoredHead head,
      LogPosition end,
      @Nullable Duration promised,
      Clock clock,
      Duration ownTerm) {
    this.logs = logs;
    this.heads = heads;
    this.head = head;
    this.end = end;
    this.promised = promised;
    this.clock = clock;
    this.ownTerm = ownTerm;
  }

  /** Looks once: what has come since the last look is a sign of life, what was there before none. */
  void look() throws IOException {
    long began = clock.nanoTime();
    boolean moved = readHeads();
    if (!isOver()) {
      moved |= promised == null ? readLog() : skipLog();
    }
    long now = clock.nanoTime();
    if (now - (looked ? lookedNanos : began) > term().toNanos()) {
      // Nobody looked for a while. If the store was away for the owner too, it may still pause.
      quietNanos = now + Backoff.FOREVER.most().toNanos();
    } else if (!looked) {
      quietNanos = now;
    } else if (moved) {
      quietNanos = lookedNanos;
    }
    signs += looked && moved ? 1 : 0;
    looked = true;
    lookedNanos = now;
  }

  /** Follows the owner's own heads, and the first of somebody else. */
  private boolean readHeads() throws IOException {
    boolean moved = false;
    while (!isOver()) {
      Optional<StoredHead> next = heads.find(head.head().number() + 1);
      if (next.isEmpty()) {
        return moved;
      }
      if (next.get().head().epoch().equals(head.head().epoch())) {
        LogPosition from = next.get().head().replayFrom();
        end = from.compareTo(end) > 0 ? from : end;
      }
      head = next.get();
      moved = true;
    }
    return moved;
  }

  /** Reads what is in the log: the owner's promise may be among it. */
  private boolean readLog() throws IOException {
    LogEnd found = logs.readTail(end, head.logHead(), new Promises());
    if (found instanceof LogEnd.Damaged damaged) {
      throw new VolumeException(
          Reason.DAMAGED,
          damaged.cause().getMessage() + "; run strata fsck to see what is affected",
          damaged.cause());
    }
    boolean moved = found.position().compareTo(end) > 0;
    end = found.position();
    return moved;
  }

  private final class Promises implements EntryVisitor {
    @Override
    public boolean visit(LogEntry.Groups entry) {
      return true;
    }

    @Override
    public void renewed(LogEntry.Renewal entry) {
      promised = entry.term();
    }
  }

  /** Finds the end of the log without reading what is in it: its places are filled in order. */
  private boolean skipLog() throws IOException {
    long from = end.sequence();
    long filled = from;
    long step = 1;
    while (isFilled(filled + step - 1)) {
      filled += step;
      step = filled - from; // 1, 1, 2, 4: mostly it is one that has come
    }
    while (step > 1) {
      step /= 2;
      if (isFilled(filled + step - 1)) {
        filled += step;
      }
    }
    end = new LogPosition(end.epoch(), filled);
    return filled > from;
  }

  private boolean isFilled(long sequence) throws IOException {
    return logs.isFilled(new LogPosition(end.epoch(), sequence));
  }

  /** The newest head of the owner, or the first of the one who followed it. */
  StoredHead head() {
    return head;
  }

  /** Whether the owner has closed the volume, or another has taken it. */
  boolean isOver() {
    return head.head().state() == HeadState.CLOSED
        || !head.head().epoch().equals(end.epoch());
  }

  /** Whether so much may have happened since the last look that another watch should begin. */
  boolean isStale() {
    return looked && clock.nanoTime() - lookedNanos > term().multipliedBy(STALE_TERMS).toNanos();
  }

  /** How many looks but the first have found a sign of life. */
  long signs() {
    return signs;
  }

  /** Whether it has promised to be heard, so that its silence means something. */
  boolean isHeard() {
    return promised != null;
  }

  /**
   * Whether it has promised to be heard and is not for so long that its lease has lapsed: whoever is
   * to follow may get ready.
   */
  boolean isSuspect() {
    return isHeard() && untilGone().compareTo(silence().minus(term())) <= 0;
  }

  /** The first place of its log that is not filled. */
  LogPosition logEnd() {
    return end;
  }

  /** How long it must be silent, from now on, to be taken for gone; zero or less if it is. */
  Duration untilGone() {
    return silence().minusNanos(clock.nanoTime() - quietNanos);
  }

  /** How long silence must be to mean something. */
  Duration silence() {
    return term().multipliedBy(SILENCE_HALVES).dividedBy(2);
  }

  /** That it is gone, as a person would write it. */
  String silenceText() {
    return "nothing is heard of %s for %.1f s"
        .formatted(head.head().owner().text(), silence().toMillis() / 1e3);
  }

  /** When to look next. */
  Duration untilLook() {
    Duration look = term().dividedBy(LOOKS);
    Duration gone = untilGone();
    return gone.isPositive() && gone.compareTo(look) < 0 ? gone : look;
  }

  private Duration term() {
    Duration its = promised;
    return its != null ? its : ownTerm;
  }
}
