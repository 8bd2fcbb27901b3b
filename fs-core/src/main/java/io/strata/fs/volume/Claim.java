package io.strata.fs.volume;

import io.strata.replay.format.LogPosition;

/** By what right a process takes a volume that its last owner has not closed. */
sealed interface Claim {
  /** By none but that somebody said so. */
  record Order() implements Claim {}

  /** Because the owner is known to be gone: it closed the volume, or its process has ended here. */
  record Gone() implements Claim {}

  /** As {@link Gone}, or because nothing is heard of the owner for a while: that is to be seen. */
  record Watch() implements Claim {}

  /**
   * Because an owner who promised to be heard has not been.
   *
   * @param logEnd where its log ended all the time
   */
  record Silence(LogPosition logEnd) implements Claim {}
}
