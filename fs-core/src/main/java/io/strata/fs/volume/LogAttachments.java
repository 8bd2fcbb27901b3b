package io.strata.fs.volume;

import io.strata.replay.Attachment;
import io.strata.replay.EntryData;
import io.strata.replay.PendingSegment;
import io.strata.replay.format.Dependency;
import io.strata.replay.format.InlineRun;
import io.strata.segment.SegmentLog;

/**
 * Tells the replay log what file data a new entry must carry or wait for: small amounts ride in the
 * entry, so that an fsync is one put.
 */
final class LogAttachments implements EntryData {
  private final SegmentLog segments;
  private final int inlineBytesMax;

  LogAttachments(SegmentLog segments, int inlineBytesMax) {
    this.segments = segments;
    this.inlineBytesMax = inlineBytesMax;
  }

  @Override
  public Attachment attach() {
    io.strata.segment.Attachment data = segments.attach(inlineBytesMax);
    return new Attachment(
        data.inline().stream()
            .map(run -> new InlineRun(run.nonce(), run.logicalOffset(), run.bytes()))
            .toList(),
        data.segments().stream()
            .map(
                segment ->
                    new PendingSegment(
                        new Dependency(segment.nonce(), segment.logicalLength()),
                        segment.stored()))
            .toList());
  }
}
