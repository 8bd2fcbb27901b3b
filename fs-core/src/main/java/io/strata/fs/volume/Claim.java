package io.strata.fs.volume;

/** By what right a process takes a volume that its last owner has not closed. */
sealed interface Claim {
  /** By none but that somebody said so. */
  record Order() implements Claim {}

  /** Because the owner is known to be gone: it closed the volume, or its process has ended here. */
  record Gone() implements Claim {}

  /** As {@link Gone}, or because nothing is heard of the owner for a while: that is to be seen. */
  record Watch() implements Claim {}

  /**
   * Because an owner who promised to be heard has not been for a term, if it stays silent for as long
   * as it takes to be taken for gone.
   *
   * @param watch that found it silent, and goes on
   */
  record Silence(OwnerWatch watch) implements Claim {}
}
