package io.strata.tests.takeover;

import io.strata.tests.takeover.HostNetwork.Cut;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to the owner. */
enum Fault {
  /** SIGKILL. */
  KILL("killed", null),
  /** SIGTERM: it hands over. */
  TERM("asked to end", null),
  /** SIGSTOP; after the takeover SIGCONT. */
  STOP("stopped, then goes on", null),
  /** Its cable is pulled; after the takeover it is put back. */
  CABLE("cable pulled", Cut.CABLE),
  /** Its interface goes down and comes back. */
  INTERFACE("interface down", Cut.INTERFACE),
  /** What it sends arrives; what it is answered does not. */
  ANSWERS("answers lost", Cut.ANSWERS);

  private final String text;
  private final @Nullable Cut cut;

  Fault(String text, @Nullable Cut cut) {
    this.text = text;
    this.cut = cut;
  }

  /** The faults of hosts with or without networks of their own. */
  static List<Fault> all(boolean networks) {
    return Arrays.stream(values()).filter(fault -> networks || fault.cut == null).toList();
  }

  @Override
  public String toString() {
    return text;
  }

  /** Whether the owner lives on, but must answer no longer than its lease lasts. */
  boolean outlived() {
    return this == STOP || cut != null;
  }

  void strike(Host owner) throws IOException {
    switch (this) {
      case KILL -> owner.signal("KILL");
      case TERM -> owner.signal("TERM");
      case STOP -> owner.signal("STOP");
      case CABLE, INTERFACE, ANSWERS -> owner.network().cut(cut());
    }
  }

  /** Lets an owner that lived on find out that it owns nothing any more. */
  void heal(Host owner) throws IOException {
    switch (this) {
      case KILL, TERM -> {
        // It is gone.
      }
      case STOP -> owner.signal("CONT");
      case CABLE, INTERFACE, ANSWERS -> owner.network().restore(cut());
    }
  }

  private Cut cut() {
    if (cut == null) {
      throw new IllegalStateException(this + " cuts no network");
    }
    return cut;
  }
}
