package io.strata.segment;

import java.util.List;

/**
 * What must become durable together with a log entry.
 *
 * @param inline bytes to carry in the entry itself, oldest segment first
 * @param segments segments to name in the entry, oldest first
 */
public record Attachment(List<InlineRun> inline, List<Dependency> segments) {
  /** Nothing was appended since the entry before. */
  public static final Attachment NOTHING = new Attachment(List.of(), List.of());

  public Attachment {
    inline = List.copyOf(inline);
    segments = List.copyOf(segments);
  }

  /** Whether there is nothing to carry and nothing to wait for. */
  public boolean isEmpty() {
    return inline.isEmpty() && segments.isEmpty();
  }
}
