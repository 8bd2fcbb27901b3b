package io.strata.replay;

import io.strata.replay.format.InlineRun;
import java.util.List;

/**
 * The file data of one log entry.
 *
 * @param inline runs that ride inside the entry; the log copies their bytes before it returns to
 *     whoever caused the entry to be cut
 * @param segments segments on their way to the store, without which the entry does not count
 */
public record Attachment(List<InlineRun> inline, List<PendingSegment> segments) {
  /** No data. */
  public static final Attachment NONE = new Attachment(List.of(), List.of());

  public Attachment {
    inline = List.copyOf(inline);
    segments = List.copyOf(segments);
  }
}
