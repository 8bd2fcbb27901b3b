package io.strata.fs.copy;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.HeadState;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.fs.volume.SharedObjects;
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
import io.strata.store.VolumeId;
import io.strata.store.lineage.Ancestor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Copies a volume from one store to another: every object as it is, under the same key.
 *
 * <p>Of a clone also those that it shares, from wherever they are. They say in their frames which
 * volume made them, which the heads tell too; only the descriptor differs, which says of the copy
 * that it has all at its own place.
 *
 * <p>Objects never change, so a copy that was interrupted goes on where it was when it is made once
 * more. Every frame is verified before it is put. Heads come last and the descriptor after them, so
 * that there is no volume at the new place before it is whole.
 *
 * <p>The volume may be in use: the copy is its state at the newest head, and whatever the log was
 * seen to hold beyond. What the owner deletes meanwhile is garbage to that head as long as he keeps
 * it, which is looked at in the end; and to those that it keeps, as long as he keeps them. If he has
 * let some of them go, the copy is of a newer head: it goes on from what it has, a few times at most.
 *
 * <p>For one use, by one thread; several requests are under way at a time.
 */
public final class VolumeCopy {
  /** Objects in memory at a time, each as long as a segment at most. */
  private static final int WIDTH = 4;

  /** So often a newer head is looked for: then older checkpoints of the copy may lack something. */
  private static final int PASSES_MAX = 5;

  /** What goes before the heads, which lead to it. */
  private static final List<Kind> LED_TO =
      List.of(
          new Kind(ObjectNames.SEGMENTS, FrameKind.SEGMENT),
          new Kind(ObjectNames.PACKS, FrameKind.PACK),
          new Kind(ObjectNames.LOGS, FrameKind.LOG));

  private static final Kind HEADS = new Kind(ObjectNames.HEADS, FrameKind.HEAD);

  /** The volume's own place. */
  private final ObjectStore from;

  private final ObjectStore to;
  private final OncePut once;
  private final boolean verify;
  private final CopyProgress progress;
  private final Platform platform;
  private final VolumeDescriptor volume;
  private final Heads heads;
  private Head newest;
  private SharedObjects shared;
  private boolean resumed;
  private boolean again;
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
    this.newest = newest();
    this.shared = SharedObjects.of(from, volume, newest, platform);
  }

  private Head newest() throws IOException {
    return heads
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
    copyLedTo();
    for (int pass = 1; pass < PASSES_MAX; pass++) {
      Head now = newest();
      if (now.kept().containsAll(newest.kept())) {
        break;
      }
      newest = now;
      shared = SharedObjects.of(from, volume, newest, platform);
      again = true;
      copyLedTo();
    }
    again = false;
    copyAll(HEADS);
    requireKept();
    if (VolumeObject.create(once, volume.gathered()) == OncePut.Outcome.TAKEN) {
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

  private void copyLedTo() throws IOException {
    copyShared();
    for (Kind kind : LED_TO) {
      copyAll(kind);
    }
  }

  /** Whatever is there must be the beginning of this very copy. */
  private void requireFree() throws IOException {
    if (VolumeObject.read(to).isPresent()) {
      throw occupied("there is a volume already");
    }
    for (Kind kind : LED_TO) {
      requireOfThisVolume(kind);
    }
    requireOfThisVolume(HEADS);
  }

  private void requireOfThisVolume(Kind kind) throws IOException {
    ListPage.Entry first = new Listing(to, kind.prefix).peek();
    if (first == null) {
      return;
    }
    resumed = true;
    try {
      Frame.open(
          to.get(first.key(), ByteRange.ALL), kind.frame, maker(first.key()), first.key());
    } catch (StoreException.Corrupt e) {
      throw occupied(String.valueOf(e.getMessage()));
    }
  }

  /** Which volume an object says that it is of. */
  private VolumeId maker(ObjectKey key) {
    return newest.lineage().of(key).map(Ancestor::volume).orElse(volume.id());
  }

  private VolumeException occupied(String why) {
    return new VolumeException(
        Reason.OCCUPIED, "%s is no place for a copy: %s".formatted(to.location(), why));
  }

  /** An owner deletes only what none of the heads needs that he keeps. */
  private void requireKept() throws IOException {
    if (!newest().kept().contains(newest.number())) {
      throw new IOException(
          "%s was changed so much meanwhile that head %d is not kept any more: copy again"
              .formatted(from.location(), newest.number()));
    }
  }

  private void copyAll(Kind kind) throws IOException {
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
          tasks.add(new Listed(entry.key(), kind.frame, entry.length(), there));
        }
      }
      perform(tasks.iterator());
    }
  }

  /** What the clone shares is not its owner's to delete: all of it is there, or will not be. */
  private void copyShared() throws IOException {
    try {
      shared.visit(
          some -> perform(some.stream().<Task>map(VolumeCopy::shared).iterator()));
    } catch (VolumeException e) {
      requireKept();
      throw e;
    }
  }

  private static Shared shared(ObjectKey key) {
    return new Shared(
        key,
        key.value().startsWith(ObjectNames.SEGMENTS) ? FrameKind.SEGMENT : FrameKind.PACK);
  }

  private void perform(Iterator<Task> tasks) throws IOException {
    try {
      Ahead.each(platform, tasks, WIDTH, this::perform, this::count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while copying; copy again to go on");
    }
  }

  /** Whether it came after the newest head, or is nobody's but this place's. */
  private boolean isLater(ObjectKey key) {
    return key.value().startsWith(ObjectNames.HEADS)
        && key.value().compareTo(ObjectNames.head(newest.number()).value()) > 0;
  }

  /** One object. */
  private sealed interface Task {
    ObjectKey key();

    FrameKind frame();
  }

  /** One that was listed, and whether it is at its new place already. */
  private record Listed(ObjectKey key, FrameKind frame, long length, boolean there)
      implements Task {}

  /** One that is at another volume's place. */
  private record Shared(ObjectKey key, FrameKind frame) implements Task {}

  private enum Outcome {
    COPIED,
    FOUND,
    DONE_BEFORE,
    GONE
  }

  private record Done(Outcome outcome, long bytes) {}

  private Done perform(Task task) throws StoreException {
    ObjectKey key = task.key();
    Optional<Long> there =
        switch (task) {
          case Listed listed -> listed.there ? Optional.of(listed.length) : Optional.empty();
          case Shared foreign -> resumed || again ? lengthIfWhole(key) : Optional.empty();
        };
    if (there.isPresent() && again) {
      return new Done(Outcome.DONE_BEFORE, 0);
    }
    if (there.isPresent()) {
      if (verify) {
        requireSound(task);
      }
      return new Done(Outcome.FOUND, there.get());
    }
    ByteBuffer bytes;
    try {
      bytes = shared.store().get(key, ByteRange.ALL);
    } catch (StoreException.Missing e) {
      if (task instanceof Shared) {
        throw e;
      }
      return new Done(Outcome.GONE, 0);
    }
    Frame.open(bytes, task.frame(), maker(key), key);
    if (once.put(key, Body.of(List.of(bytes))) == OncePut.Outcome.TAKEN) {
      throw new StoreException.Corrupt(
          key, "another object of this name is at " + to.location() + " already");
    }
    if (verify) {
      requireSound(task);
    }
    return new Done(Outcome.COPIED, bytes.remaining());
  }

  private Optional<Long> lengthIfWhole(ObjectKey key) throws StoreException {
    Optional<Long> there = to.head(key);
    return there.isPresent() && there.equals(shared.store().head(key))
        ? there
        : Optional.empty();
  }

  private void requireSound(Task task) throws StoreException {
    ObjectKey key = task.key();
    Frame.open(to.get(key, ByteRange.ALL), task.frame(), maker(key), key);
  }

  private void count(Task task, Done done) {
    switch (done.outcome) {
      case COPIED -> {
        copied++;
        copiedBytes += done.bytes;
      }
      case FOUND -> {
        found++;
        foundBytes += done.bytes;
      }
      case DONE_BEFORE -> {}
      case GONE -> gone++;
    }
    progress.at(copied + found, copiedBytes + foundBytes);
  }
}
