package io.strata.cli.serving;

import io.strata.fs.locks.LockLimits;
import io.strata.fs.locks.LockTable;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the locks are that guests take with fcntl and flock. */
public enum LockPolicy {
  /** Shared where there is more than one socket. */
  AUTO,

  /** In one table: guests lock against each other. Each close of a file costs a request. */
  SHARED,

  /** In each guest's kernel: guests know nothing of each other's locks. */
  LOCAL;

  /** A policy by its name on the command line. */
  public static LockPolicy of(String text) {
    return Arrays.stream(values())
        .filter(policy -> policy.name().toLowerCase(Locale.ROOT).equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException("locks '" + text + "' is none of auto, shared, local"));
  }

  /** The table for the guests of so many sockets; null if there is none. */
  @Nullable LockTable table(int sockets) {
    boolean shared =
        switch (this) {
          case AUTO -> sockets > 1;
          case SHARED -> true;
          case LOCAL -> false;
        };
    return shared ? new LockTable(LockLimits.STANDARD) : null;
  }
}
