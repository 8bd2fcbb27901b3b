package io.strata.fs.copy;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.volume.VolumeException;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.platform.Platform;
import io.strata.store.Ahead;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.ListPage;
import io.strata.store.Listing;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a volume from one store to another: every object as it is, under the same key.
 *
 * <p>Objects never change, so a copy that was interrupted goes on where it was when it is made once
 * more. Every frame is verified before it is put. Heads come last and the descriptor after them, so
 * that there is no volume at the new place before it is whole.
 *
 * <p>The volume may be in use: the copy is its state at the newest head, and whatever the log was
 * seen to hold beyond. What the owner deletes meanwhile is garbage to that head as long as he keeps
 * it, which is looked at in the end.
 *
 * <p>For one use, by one thread; several requests are under way at a time.
 */
public final class VolumeCopy {
  /** Objects in memory at a time, each as long as a segment at most. */
  private static final int WIDTH = 4;

  /** What goes before the heads, which lead to it. */
  private static final List<Kind> LED_TO =
      List.of(
          new Kind(ObjectNames.SEGMENTS, FrameKind.SEGMENT),
          new Kind(ObjectNames.PACKS, FrameKind.PACK),
          new Kind(ObjectNames.LOGS, FrameKind.LOG));

  private static final Kind HEADS = new Kind(ObjectNames.HEADS, FrameKind.HEAD);

  private final ObjectStore from;
  private final ObjectStore to;
  private final OncePut once;
  private final boolean verify;
  private final CopyProgress progress;
  private final Platform platform;
  private final VolumeDescriptor volume;
  private final Heads heads;
  private final Head newest;
  private long copied;
  private long copiedBytes;
  private long found;
  private long foundBytes;
  private long gone;

  /** What the keys of one kind of objects begin with, and what their frames say. */
  private record Kind(String prefix, FrameKind frame) {}

  private VolumeCopy(
      ObjectStore from,
      ObjectStore to,
      boolean verify,
      CopyProgress progress,
      Platform platform,
      VolumeDescriptor volume)
      throws IOException {
    this.from = from;
    this.to = to;
    this.once = new OncePut(to, platform);
    this.verify = verify;
    this.progress = progress;
    this.platform = platform;
    this.volume = volume;
    this.heads = new Heads(from, new OncePut(from, platform), volume.id());
    this.newest =
        heads
            .newest()
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.DAMAGED,
                        from.location() + " holds a volume without a head; run strata fsck"))
            .head();
  }

  /**
   * Copies a volume.
   *
   * @param verify whether to read back what was put, and what an earlier copy had put
   * @throws VolumeException if there is no volume at {@code from}, or something else at {@code to}
   * @throws StoreException.Corrupt if an object is damaged, at either place
   */
  public static CopyReport copy(
      ObjectStore from, ObjectStore to, boolean verify, CopyProgress progress, Platform platform)
      throws IOException {
    VolumeDescriptor volume =
        VolumeObject.read(from)
            .orElseThrow(
                () ->
                    new VolumeException(
                        Reason.ABSENT, "there is no volume at " + from.location()));
    return new VolumeCopy(from, to, verify, progress, platform, volume).run();
  }

  private CopyReport run() throws IOException {
    requireFree();
    if (!volume.elsewhere(newest.lineage()).isNone()) {
      throw new VolumeException(
          Reason.REFUSED,
          "%s is a clone and shares objects with another volume: strata gc --whole it first"
              .formatted(from.location()));
    }
    try {
      for (Kind kind : LED_TO) {
        copyAll(kind);
      }
      copyAll(HEADS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying; copy again to go on");
    }
    requireKept();
    if (VolumeObject.create(once, volume) == OncePut.Outcome.TAKEN) {
      throw occupied("a volume was made there meanwhile");
    }
    return new CopyReport(
        volume.id(),
        newest.number(),
        newest.state() == HeadState.OPEN,
        copied,
        copiedBytes,
        found,
        gone);
  }

  /** Whatever is there must be the beginning of this very copy. */
  private void requireFree() throws IOException {
    if (VolumeObject.read(to).isPresent()) {
      throw occupied("there is a volume already");
    }
    for (Kind kind : LED_TO) {
      ListPage.Entry first = new Listing(to, kind.prefix).peek();
      if (first != null) {
        try {
          Frame.open(to.get(first.key(), ByteRange.ALL), kind.frame, volume.id(), first.key());
        } catch (StoreException.Corrupt e) {
          throw occupied(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private VolumeException occupied(String why) {
    return new VolumeException(
        Reason.OCCUPIED, "%s is no place for a copy: %s".formatted(to.location(), why));
  }

  /** An owner deletes only what none of the heads needs that he keeps. */
  private void requireKept() throws IOException {
    Head now = heads.newest().orElseThrow(() -> new IOException("the heads are gone")).head();
    if (!now.kept().contains(newest.number())) {
      throw new IOException(
          "%s was changed so much meanwhile that head %d is not kept any more: copy again"
              .formatted(from.location(), newest.number()));
    }
  }

  private void copyAll(Kind kind) throws IOException, InterruptedException {
    Listing source = new Listing(from, kind.prefix);
    Listing target = new Listing(to, kind.prefix);
    while (source.peek() != null) {
      List<Task> tasks = new ArrayList<>();
      for (ListPage.Entry entry = source.peek();
          entry != null && tasks.size() < ListPage.KEYS_MAX;
          entry = source.peek()) {
        source.skip();
        if (!isLater(entry.key())) {
          boolean there = target.lengthOf(entry.key()) == entry.length();
          tasks.add(new Task(entry, kind.frame, there));
        }
      }
      Ahead.each(platform, tasks.iterator(), WIDTH, this::perform, this::count);
    }
  }

  /** Whether it came after the newest head, or is nobody's but this place's. */
  private boolean isLater(ObjectKey key) {
    return key.value().startsWith(ObjectNames.HEADS)
        && key.value().compareTo(ObjectNames.head(newest.number()).value()) > 0;
  }

  /** One object, and whether it is at its new place already. */
  private record Task(ListPage.Entry entry, FrameKind frame, boolean there) {}

  private enum Done {
    COPIED,
    FOUND,
    GONE
  }

  private Done perform(Task task) throws StoreException {
    ObjectKey key = task.entry.key();
    if (task.there && !verify) {
      return Done.FOUND;
    }
    if (!task.there) {
      ByteBuffer bytes;
      try {
        bytes = from.get(key, ByteRange.ALL);
      } catch (StoreException.Missing e) {
        return Done.GONE;
      }
      Frame.open(bytes, task.frame, volume.id(), key);
      if (once.put(key, Body.of(List.of(bytes))) == OncePut.Outcome.TAKEN) {
        throw new StoreException.Corrupt(
            key, "another object of this name is at " + to.location() + " already");
      }
    }
    if (verify) {
      Frame.open(to.get(key, ByteRange.ALL), task.frame, volume.id(), key);
    }
    return task.there ? Done.FOUND : Done.COPIED;
  }

  private void count(Task task, Done done) {
    switch (done) {
      case COPIED -> {
        copied++;
        copiedBytes += task.entry.length();
      }
      case FOUND -> {
        found++;
        foundBytes += task.entry.length();
      }
      case GONE -> gone++;
    }
    progress.at(copied + found, copiedBytes + foundBytes);
  }
}
