package io.strata.cli.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.cli.output.JsonTree;
import io.strata.cli.output.Output;
import io.strata.fs.SpaceUse;
import io.strata.fs.volume.CompactionStats;
import io.strata.fs.volume.FollowStatistics;
import io.strata.fs.volume.LeaseState;
import io.strata.fs.volume.VolumeStatistics;
import io.strata.fuse.abi.Opcode;
import io.strata.fuse.server.OperationStats;
import io.strata.fuse.server.SessionStats;
import io.strata.segment.BlockReaderStats;
import io.strata.segment.SegmentLogStats;
import io.strata.store.metrics.StoreStats;
import io.strata.store.metrics.VerbStats;
import io.strata.store.watch.Outage;
import io.strata.store.watch.StoreHealth;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatisticsViewTest {
  private static JsonTree sample(int seconds, long puts) throws IOException {
    return sample(seconds, puts, null);
  }

  private static JsonTree sample(
      int seconds, long puts, @Nullable FollowStatistics following) throws IOException {
    StatisticsReport report =
        new StatisticsReport(
            "file:/srv/a",
            List.of(Path.of("/mnt")),
            Duration.ofSeconds(seconds),
            64 << 20,
            1 << 30,
            new VolumeStatistics(
                "uuid",
                "label",
                3,
                17,
                Instant.EPOCH,
                new SpaceUse(1L << 50, 5 << 20, 42),
                1 << 20,
                1 << 10,
                100,
                2,
                Duration.ofSeconds(7),
                3 << 20,
                90,
                4,
                250_000_000,
                2048,
                2,
                new SegmentLogStats(1, 2 << 20, 3, 1, 9 << 20, 7, 8),
                new BlockReaderStats(75, 25, 5, 6, 4 << 20),
                following,
                new CompactionStats(1234, 3 << 20, true, Duration.ofSeconds(12)),
                new LeaseState(
                    Duration.ofSeconds(3), Duration.ofMillis(1500), true, true)),
            new StoreStats(verb(puts), verb(0), verb(0), verb(0), verb(0)),
            new StoreHealth(
                new Outage(Instant.EPOCH, 0, "put log/1: refused"), 3, "put log/1: refused"),
            List.of(session(400, 30_000), session(600, 40_000)));
    return JsonTree.parse(Output.jsonText(report));
  }

  private static SessionStats session(long lookups, long p50Nanos) {
    return new SessionStats(
        List.of(
            new OperationStats(
                Opcode.LOOKUP, lookups, 5, 200, 300, 50_000 * lookups, p50Nanos, 90_000, 95_000)),
        0,
        0);
  }

  private static VerbStats verb(long requests) {
    return new VerbStats(
        requests,
        0,
        requests / 13,
        requests << 10,
        Duration.ofMillis(4 * requests),
        Duration.ofMillis(3),
        Duration.ofMillis(9),
        Duration.ofMillis(12));
  }

  private static String print(StatisticsView view) {
    StringWriter text = new StringWriter();
    view.print(new PrintWriter(text, true));
    return text.toString();
  }

  @Test
  void jsonHasEverySection() throws IOException {
    JsonTree sample = sample(10, 20);

    assertThat(sample.names())
        .containsExactly(
            "role",
            "url",
            "places",
            "pid",
            "uptimeSeconds",
            "heap",
            "volume",
            "tree",
            "lease",
            "data",
            "compaction",
            "store",
            "storeHealth",
            "sessions",
            "operations",
            "operationsWaiting",
            "operationsMalformed");
    assertThat(sample.tree("store").names())
        .containsExactly("put", "get", "head", "delete", "list");
    assertThat(sample.tree("store").tree("put").integer("requests")).isEqualTo(20);
    assertThat(sample.tree("operations").tree("LOOKUP").number("p99Seconds")).isEqualTo(9e-5);
  }

  @Test
  void tellsAllSinceTheMount() throws IOException {
    assertThat(print(new StatisticsView(sample(10, 20), null)))
        .contains("file:/srv/a on /mnt")
        .contains("42 inodes, 5.0 MiB of 1.0 PiB used, head 17, epoch 3")
        .contains("lease   holds for 1.5 s of 3.0 s; somebody may stand by")
        .contains(
            "space   1 234 segments compacted, 3.0 MiB copied; writes were slowed for 12.0 s,"
                + " and are now")
        .contains("75 % of blocks from the cache")
        .containsPattern("put +20 +2.0 +0 +20.0 KiB +4.0 ms +3.0 ms +9.0 ms")
        .containsPattern("LOOKUP +1 000 +100.0 +10 +1000 B +50 µs +40 µs +90 µs")
        .doesNotContain("delete");
  }

  @Test
  void tellsWhetherTheStoreAnswers() throws IOException {
    JsonTree health = sample(10, 20).tree("storeHealth");
    assertThat(health.flag("answering")).isFalse();
    assertThat(health.integer("outages")).isEqualTo(3);
    assertThat(health.text("since")).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(health.integer("operationsWaiting")).isEqualTo(2);
    assertThat(health.number("longestWaitSeconds")).isEqualTo(7.0);
    assertThat(print(new StatisticsView(sample(10, 20), null)))
        .contains("DOES NOT ANSWER since 1970-01-01T00:00:00Z: put log/1: refused")
        .contains("2 operations wait for it, the first for 7.0 s");
  }

  @Test
  void tellsHowFarAFollowerIs() throws IOException {
    FollowStatistics following =
        new FollowStatistics(
            Duration.ofMillis(700),
            Duration.ofSeconds(2),
            "00000003/1f",
            15,
            17,
            "segment 00000003-00000007",
            "",
            90,
            1234,
            2,
            5000);
    JsonTree sample = sample(10, 20, following);
    assertThat(sample.tree("follow").number("ageSeconds")).isEqualTo(0.7);
    assertThat(sample.tree("follow").integer("inlineBytes")).isEqualTo(5000);
    assertThat(print(new StatisticsView(sample, null)))
        .contains("700.0 ms old, log 00000003/1f, on head 15 of 17; 1 234 operations in 90 polls")
        .contains("waiting: segment 00000003-00000007")
        .doesNotContain("failing");
    assertThat(print(new StatisticsView(sample(10, 20), null))).doesNotContain("follow");
  }

  @Test
  void tellsTheChangeSinceAnEarlierSample() throws IOException {
    assertThat(print(new StatisticsView(sample(12, 26), sample(10, 20))))
        .containsPattern("put +6 +3.0 +0 +6.0 KiB +4.0 ms")
        .contains("1 of the errors: the store was asked too much")
        .doesNotContain("LOOKUP");
  }
}
