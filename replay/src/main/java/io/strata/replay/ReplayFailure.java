package io.strata.replay;

import io.strata.replay.format.LogEntry;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why something is not durable; the kinds are what the caller does next. */
public abstract sealed class ReplayFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private ReplayFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** The volume has another owner. Final: nothing can be acknowledged any more. */
  public static final class Fenced extends ReplayFailure {
    private static final long serialVersionUID = 1L;

    public Fenced(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    /** Fenced by what stands at a place where an own entry was to go. */
    public static Fenced by(LogEntry found) {
      String who =
          switch (found) {
            case LogEntry.Fence fence ->
                "by %s, with epoch %s".formatted(fence.owner(), fence.by());
            case LogEntry.Groups groups -> "by another writer in the same epoch";
            case LogEntry.Renewal renewal -> "by another writer in the same epoch";
            case LogEntry.Turn turn -> "by another writer in the same epoch";
            case LogEntry.Absent absent -> "by somebody";
          };
      return new Fenced("volume taken over " + who + " at log " + found.position(), null);
    }
  }

  /** The store refuses what was sent. It is kept and sent again; sync again. */
  public static final class Refused extends ReplayFailure {
    private static final long serialVersionUID = 1L;

    public Refused(Throwable cause) {
      super("not durable yet: " + cause.getMessage(), cause);
    }
  }

  /** The waiting thread was interrupted; its interrupt status is set. Nothing else changed. */
  public static final class Interrupted extends ReplayFailure {
    private static final long serialVersionUID = 1L;

    public Interrupted() {
      super("interrupted while waiting for the log", null);
    }
  }

  /** The log was closed before it was durable. */
  public static final class Closed extends ReplayFailure {
    private static final long serialVersionUID = 1L;

    public Closed() {
      super("the log is closed", null);
    }
  }
}
