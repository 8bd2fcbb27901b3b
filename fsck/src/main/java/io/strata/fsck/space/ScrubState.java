package io.strata.fsck.space;

import io.strata.platform.Clock;
import io.strata.store.Nonce;
import io.strata.store.VolumeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a scrub has come, in a local file, so that one that was interrupted can go on. Segments
 * never change and are read in the order of their names, so a name says it all, with those before
 * it that were damaged: these are read again, to be told again.
 *
 * <p>Lines of text: the volume, the last name, then the damaged ones. Written to another name and
 * moved. Confined to a thread.
 */
public final class ScrubState {
  private static final long SAVE_NANOS = 5_000_000_000L;

  private final @Nullable Path file;
  private final VolumeId volume;
  private final Clock clock;
  private final Set<Long> damaged = new TreeSet<>();
  private long last;
  private long savedNanos;

  private ScrubState(@Nullable Path file, VolumeId volume, Clock clock) {
    this.file = file;
    this.volume = volume;
    this.clock = clock;
    this.savedNanos = clock.nanoTime();
  }

  /**
   * The state of a volume's scrub in a file; from the start if there is none, or another volume's.
   *
   * @param file null to remember nothing
   */
  public static ScrubState load(@Nullable Path file, VolumeId volume, Clock clock) {
    ScrubState state = new ScrubState(file, volume, clock);
    if (file == null) {
      return state;
    }
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() >= 2 && lines.getFirst().equals(volume.toString())) {
        state.last = Long.parseUnsignedLong(lines.get(1), 16);
        for (String line : lines.subList(2, lines.size())) {
          state.damaged.add(Long.parseUnsignedLong(line, 16));
        }
      }
    } catch (NoSuchFileException fromTheStart) {
      return state;
    } catch (IOException | NumberFormatException e) {
      throw new UncheckedIOException(
          new IOException("the state of the scrub in " + file + " cannot be read: remove it", e));
    }
    return state;
  }

  /** Whether a segment was read before and is whole. */
  boolean verified(Nonce nonce) {
    return nonce.value() <= last && !damaged.contains(nonce.value());
  }

  /** Whether this goes on with an earlier scrub. */
  public boolean resumed() {
    return last != 0;
  }

  /** Notes that a segment was read, and all with smaller names. */
  void read(Nonce nonce, boolean whole) {
    if (!whole) {
      damaged.add(nonce.value());
    }
    last = Math.max(last, nonce.value());
    if (file != null && clock.nanoTime() - savedNanos > SAVE_NANOS) {
      save(file);
    }
  }

  private void save(Path to) {
    List<String> lines = new ArrayList<>();
    lines.add(volume.toString());
    lines.add(Long.toHexString(last));
    damaged.forEach(nonce -> lines.add(Long.toHexString(nonce)));
    try {
      Files.createDirectories(to.toAbsolutePath().getParent());
      Path fresh = to.resolveSibling(to.getFileName() + ".new");
      Files.write(fresh, lines);
      Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException("the state of the scrub cannot be kept in " + to + ": " + e, e));
    }
    savedNanos = clock.nanoTime();
  }

  /** Notes how far it is, because it ends early. */
  public void interrupted() {
    if (file != null && last != 0) {
      save(file);
    }
  }

  /** Forgets it all, because the scrub is done. */
  public void finished() {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          new IOException("the state of the scrub cannot be removed: " + file, e));
    }
  }
}
