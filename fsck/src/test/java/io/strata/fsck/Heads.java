package io.strata.fsck;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.TreeCounters;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogPosition;
import io.strata.store.Epoch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

/** Heads that differ from others in one thing. */
final class Heads {
  private Heads() {}

  static Head counters(Head head, TreeCounters counters) {
    return new Change(head).with(counters).head();
  }

  static Head nextNonce(Head head, long nextNonce) {
    Change change = new Change(head);
    change.nextNonce = nextNonce;
    return change.head();
  }

  static Head predecessorCrc(Head head, int crc) {
    Change change = new Change(head);
    change.predecessorCrc = crc;
    return change.head();
  }

  static Head opened(Head head, HeadReference opened) {
    Change change = new Change(head);
    change.opened = opened;
    return change.head();
  }

  static Head epoch(Head head, Epoch epoch) {
    Change change = new Change(head);
    change.epoch = epoch;
    return change.head();
  }

  static Head retained(Head head, List<RetainedCheckpoint> retained) {
    Change change = new Change(head);
    change.retained = retained;
    return change.head();
  }

  static Head carry(Head head, byte[] carry) {
    Change change = new Change(head);
    change.carry = ByteBuffer.wrap(carry);
    return change.head();
  }

  /** A head in the making. */
  private static final class Change {
    private final Head from;
    private Epoch epoch;
    private int predecessorCrc;
    private HeadReference opened;
    private TreeCounters counters;
    private long nextNonce;
    private List<RetainedCheckpoint> retained;
    private ByteBuffer carry;

    Change(Head from) {
      this.from = from;
      this.epoch = from.epoch();
      this.predecessorCrc = from.predecessorCrc();
      this.opened = Objects.requireNonNull(from.opened());
      this.counters = from.counters();
      this.nextNonce = from.nextNonce();
      this.retained = from.retained();
      this.carry = from.carry();
    }

    Change with(TreeCounters value) {
      counters = value;
      return this;
    }

    Head head() {
      return new Head(
          from.number(),
          epoch,
          from.owner(),
          from.time(),
          from.state(),
          predecessorCrc,
          opened,
          from.root(),
          counters,
          new LogPosition(epoch, from.replayFrom().sequence()),
          from.earlier(),
          carry,
          nextNonce,
          retained,
          from.snapshots(),
          from.garbage(),
          from.lineage(),
          from.schedule());
    }
  }
}
