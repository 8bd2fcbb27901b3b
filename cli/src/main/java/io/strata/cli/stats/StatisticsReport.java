package io.strata.cli.stats;

import com.fasterxml.jackson.core.JsonGenerator;
import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonValue;
import io.strata.fs.volume.CompactionStats;
import io.strata.fs.volume.FollowStatistics;
import io.strata.fs.volume.LeaseState;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.fuse.server.OperationStats;
import io.strata.fuse.server.SessionStats;
import io.strata.segment.BlockReaderStats;
import io.strata.segment.SegmentLogStats;
import io.strata.store.metrics.StoreStats;
import io.strata.store.metrics.VerbStats;
import io.strata.store.watch.Outage;
import io.strata.store.watch.StoreHealth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a daemon has counted.
 *
 * @param url of its volume
 * @param places where that can be used: a directory, or sockets
 * @param uptime since then
 * @param heapBytes memory of the Java heap in use
 * @param heapBytesMax its limit
 * @param volume the volume's numbers
 * @param store requests to the store
 * @param health whether that answers
 * @param sessions requests of each kernel
 */
public record StatisticsReport(
    String url,
    List<Path> places,
    Duration uptime,
    long heapBytes,
    long heapBytesMax,
    VolumeStatistics volume,
    StoreStats store,
    StoreHealth health,
    List<SessionStats> sessions)
    implements JsonValue {
  @Override
  public void json(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("role", role());
    out.writeStringField("url", url);
    out.writeArrayFieldStart("places");
    for (Path place : places) {
      out.writeString(place.toString());
    }
    out.writeEndArray();
    out.writeNumberField("pid", ProcessHandle.current().pid());
    out.writeNumberField("uptimeSeconds", Amounts.seconds(uptime));
    out.writeObjectFieldStart("heap");
    out.writeNumberField("usedBytes", heapBytes);
    out.writeNumberField("maxBytes", heapBytesMax);
    out.writeEndObject();
    writeVolume(out);
    writeLease(out);
    writeFollowing(volume.follow(), out);
    writeData(volume.segments(), volume.blocks(), out);
    writeCompaction(volume.compaction(), out);
    out.writeObjectFieldStart("store");
    writeVerb("put", store.put(), out);
    writeVerb("get", store.get(), out);
    writeVerb("head", store.head(), out);
    writeVerb("delete", store.delete(), out);
    writeVerb("list", store.list(), out);
    out.writeEndObject();
    writeHealth(out);
    SessionStats session = SessionStats.sum(sessions);
    out.writeNumberField("sessions", sessions.size());
    out.writeObjectFieldStart("operations");
    for (OperationStats operation : session.operations()) {
      writeOperation(operation, out);
    }
    out.writeEndObject();
    out.writeNumberField("operationsWaiting", session.waiting());
    out.writeNumberField("operationsMalformed", session.malformed());
    out.writeEndObject();
  }

  private String role() {
    if (volume.lease() != null) {
      return "owner";
    }
    return volume.follow() == null ? "reader" : "follower";
  }

  private void writeVolume(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("volume");
    out.writeStringField("id", volume.volume());
    out.writeStringField("label", volume.label());
    out.writeNumberField("epoch", volume.epoch());
    out.writeNumberField("head", volume.head());
    out.writeStringField("headTime", volume.headTime().toString());
    out.writeNumberField("capacityBytes", volume.space().capacityBytes());
    out.writeNumberField("usedBytes", volume.space().usedBytes());
    out.writeNumberField("inodes", volume.space().inodes());
    out.writeEndObject();
    out.writeObjectFieldStart("tree");
    out.writeNumberField("pageBytes", volume.pageBytes());
    out.writeNumberField("dirtyPageBytes", volume.dirtyPageBytes());
    out.writeNumberField("pendingLogBytes", volume.pendingLogBytes());
    out.writeNumberField("storedBytes", volume.treeBytes());
    out.writeNumberField("storedPages", volume.treePages());
    out.writeNumberField("checkpoints", volume.checkpoints());
    out.writeNumberField("lastCheckpointSeconds", volume.checkpointNanos() / 1e9);
    out.writeNumberField("lastCheckpointBytes", volume.checkpointBytes());
    out.writeNumberField("lastCheckpointPages", volume.checkpointPages());
    out.writeEndObject();
  }

  private void writeLease(JsonGenerator out) throws IOException {
    LeaseState lease = volume.lease();
    if (lease != null) {
      out.writeObjectFieldStart("lease");
      out.writeNumberField("termSeconds", Amounts.seconds(lease.term()));
      out.writeNumberField("leftSeconds", Amounts.seconds(lease.left()));
      out.writeBooleanField("hard", lease.hard());
      out.writeBooleanField("heard", lease.heard());
      out.writeEndObject();
    }
  }

  private static void writeFollowing(@Nullable FollowStatistics follow, JsonGenerator out)
      throws IOException {
    if (follow == null) {
      return;
    }
    out.writeObjectFieldStart("follow");
    out.writeNumberField("ageSeconds", Amounts.seconds(follow.age()));
    out.writeNumberField("ageMaxSeconds", Amounts.seconds(follow.ageMax()));
    out.writeStringField("position", follow.position());
    out.writeNumberField("baseHead", follow.baseHead());
    out.writeNumberField("newestHead", follow.newestHead());
    out.writeStringField("waiting", follow.waiting());
    out.writeStringField("failing", follow.failing());
    out.writeNumberField("polls", follow.polls());
    out.writeNumberField("groups", follow.groups());
    out.writeNumberField("rebases", follow.rebases());
    out.writeNumberField("inlineBytes", follow.inlineBytes());
    out.writeEndObject();
  }

  private static void writeData(
      @Nullable SegmentLogStats segments, BlockReaderStats blocks, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart("data");
    if (segments != null) {
      out.writeNumberField("dirtyBytes", segments.dirtyBytes());
      out.writeNumberField("openBytes", segments.openBytes());
      out.writeNumberField("residentBytes", segments.residentBytes());
      out.writeNumberField("segmentsUnderWay", segments.unacknowledgedSegments());
      out.writeNumberField("writtenBytes", segments.appendedBytes());
      out.writeNumberField("segmentsStored", segments.storedSegments());
      out.writeNumberField("segmentBytesStored", segments.storedBytes());
    }
    out.writeNumberField("cacheBytes", blocks.cacheBytes());
    out.writeNumberField("cacheHits", blocks.hits());
    out.writeNumberField("cacheMisses", blocks.misses());
    out.writeNumberField("blockGets", blocks.gets());
    out.writeNumberField("blockGetBytes", blocks.getBytes());
    out.writeEndObject();
  }

  private static void writeCompaction(@Nullable CompactionStats compaction, JsonGenerator out)
      throws IOException {
    if (compaction == null) {
      return;
    }
    out.writeObjectFieldStart("compaction");
    out.writeNumberField("segments", compaction.segments());
    out.writeNumberField("copiedBytes", compaction.copiedBytes());
    out.writeBooleanField("slowing", compaction.slowing());
    out.writeNumberField("slowedSeconds", Amounts.seconds(compaction.slowed()));
    out.writeEndObject();
  }

  private void writeHealth(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("storeHealth");
    out.writeBooleanField("answering", health.answering());
    out.writeNumberField("outages", health.outages());
    Outage outage = health.outage();
    if (outage != null) {
      out.writeStringField("since", outage.since().toString());
    }
    if (health.lastError() != null) {
      out.writeStringField("lastError", health.lastError());
    }
    out.writeNumberField("operationsWaiting", volume.waiting());
    out.writeNumberField("longestWaitSeconds", Amounts.seconds(volume.longestWait()));
    out.writeEndObject();
  }

  private static void writeVerb(String name, VerbStats verb, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart(name);
    out.writeNumberField("requests", verb.requests());
    out.writeNumberField("errors", verb.errors());
    out.writeNumberField("throttled", verb.throttled());
    out.writeNumberField("bytes", verb.bytes());
    out.writeNumberField("seconds", Amounts.seconds(verb.total()));
    out.writeNumberField("p50Seconds", Amounts.seconds(verb.median()));
    out.writeNumberField("p99Seconds", Amounts.seconds(verb.p99()));
    out.writeNumberField("maxSeconds", Amounts.seconds(verb.longest()));
    out.writeEndObject();
  }

  private static void writeOperation(OperationStats operation, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart(operation.opcode().name());
    out.writeNumberField("requests", operation.count());
    out.writeNumberField("errors", operation.errors());
    out.writeNumberField("bytes", operation.bytesIn() + operation.bytesOut());
    out.writeNumberField("seconds", operation.totalNanos() / 1e9);
    out.writeNumberField("p50Seconds", operation.p50Nanos() / 1e9);
    out.writeNumberField("p99Seconds", operation.p99Nanos() / 1e9);
    out.writeNumberField("maxSeconds", operation.maxNanos() / 1e9);
    out.writeEndObject();
  }
}
