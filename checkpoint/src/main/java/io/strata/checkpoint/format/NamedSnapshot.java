package io.strata.checkpoint.format;

import io.strata.store.VolumeId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that is kept until somebody removes its name.
 *
 * @param name what the user calls it
 * @param checkpoint what is kept
 * @param keptFor the volume that needs it, which was cloned from it; null for a user's own snapshot
 */
public record NamedSnapshot(
    String name, RetainedCheckpoint checkpoint, @Nullable Neighbour keptFor) {
  /** What names of heads begin with that a repair put another in the place of. */
  private static final String REPLACED = "before-repair-";

  /** The longest name: what a directory entry can hold. */
  private static final int NAME_BYTES_MAX = 255;

  /** A user's own. */
  public NamedSnapshot(String name, RetainedCheckpoint checkpoint) {
    this(name, checkpoint, null);
  }

  /** A head that is going to be replaced by one that was not made of it by its owner. */
  public static NamedSnapshot ofReplaced(Head head) {
    return new NamedSnapshot(REPLACED + head.number(), head.asRetained());
  }

  /** Whether this is such a head. */
  public boolean isReplaced() {
    return name.startsWith(REPLACED);
  }

  /** What the snapshot is called that is kept for a clone. */
  public static String nameFor(VolumeId clone) {
    return "clone-" + clone;
  }

  /**
   * Why a snapshot cannot be made under a name; empty if it can. A name is one that a file can
   * have, that a command line takes for a name, and that is neither a number nor a time in ISO
   * 8601, which mean other states.
   */
  public static Optional<String> objection(String name) {
    if (name.isBlank()) {
      return Optional.of("it is empty");
    }
    if (name.getBytes(StandardCharsets.UTF_8).length > NAME_BYTES_MAX) {
      return Optional.of("it has more than " + NAME_BYTES_MAX + " bytes");
    }
    if (name.chars().anyMatch(c -> c == '/' || Character.isISOControl(c))) {
      return Optional.of("it has a slash or a control character in it");
    }
    if (name.startsWith("-") || name.startsWith(".")) {
      return Optional.of("it begins with '" + name.charAt(0) + "'");
    }
    if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.of("a number means a head");
    }
    return isTime(name) ? Optional.of("it is a time") : Optional.empty();
  }

  private static boolean isTime(String name) {
    try {
      return Instant.parse(name).isAfter(Instant.MIN);
    } catch (DateTimeException e) {
      return false;
    }
  }
}
