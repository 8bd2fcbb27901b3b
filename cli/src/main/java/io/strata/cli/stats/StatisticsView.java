package io.strata.cli.stats;

import io.strata.cli.output.Amounts;
import io.strata.cli.output.JsonTree;
import io.strata.cli.output.TextTable;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A daemon's statistics for people: since it began, or, with an earlier sample, since then.
 *
 * @param now the sample
 * @param before an earlier one; null for none
 */
public record StatisticsView(JsonTree now, @Nullable JsonTree before) {
  /** Writes it. */
  public void print(PrintWriter out) {
    if (now.text("role").equals("standby")) {
      printStandby(out);
      return;
    }
    double seconds =
        now.number("uptimeSeconds") - (before == null ? 0 : before.number("uptimeSeconds"));
    out.printf(
        "%s on %s (process %d), up %s%n",
        now.text("url"),
        String.join(", ", now.texts("places")),
        now.integer("pid"),
        Amounts.seconds(now.number("uptimeSeconds")));
    printVolume(out);
    printLease(out);
    printHealth(out);
    out.println();
    printRequests("store", "store", seconds, out);
    printThrottled(out);
    out.println();
    printRequests("operations", "operation", seconds, out);
  }

  private void printStandby(PrintWriter out) {
    out.printf(
        "%s for %s (process %d): stands by%n",
        now.text("url"), String.join(", ", now.texts("places")), now.integer("pid"));
    if (!now.has("owner")) {
      out.println("owner   not known yet");
      return;
    }
    out.printf(
        "owner   %s, epoch %d: %s%n",
        now.text("owner"),
        now.integer("epoch"),
        now.flag("heard")
            ? "is heard, and followed when it is not any more"
            : "has not said yet that it will be heard; its death would go unnoticed");
  }

  private void printVolume(PrintWriter out) {
    JsonTree volume = now.tree("volume");
    out.printf(
        "volume  %s inodes, %s of %s used, head %d, epoch %d%n",
        Amounts.count(volume.integer("inodes")),
        Amounts.bytes(volume.integer("usedBytes")),
        Amounts.bytes(volume.integer("capacityBytes")),
        volume.integer("head"),
        volume.integer("epoch"));
    JsonTree tree = now.tree("tree");
    out.printf(
        "tree    %s in memory, %s dirty, %s of log pending, %d checkpoints (last: %s, %s)%n",
        Amounts.bytes(tree.integer("pageBytes")),
        Amounts.bytes(tree.integer("dirtyPageBytes")),
        Amounts.bytes(tree.integer("pendingLogBytes")),
        tree.integer("checkpoints"),
        Amounts.seconds(tree.number("lastCheckpointSeconds")),
        Amounts.bytes(tree.integer("lastCheckpointBytes")));
    JsonTree data = now.tree("data");
    long looked = data.integer("cacheHits") + data.integer("cacheMisses");
    out.printf(
        "data    %s dirty, %s cached, %s of blocks from the cache, %s written, %d segments%n",
        Amounts.bytes(data.integer("dirtyBytes")),
        Amounts.bytes(data.integer("cacheBytes")),
        looked == 0 ? "-" : "%d %%".formatted(100 * data.integer("cacheHits") / looked),
        Amounts.bytes(data.integer("writtenBytes")),
        data.integer("segmentsStored"));
    printCompaction(out);
    printFollowing(out);
    JsonTree heap = now.tree("heap");
    out.printf(
        "heap    %s of %s%n",
        Amounts.bytes(heap.integer("usedBytes")), Amounts.bytes(heap.integer("maxBytes")));
  }

  /** Nothing, unless something has been compacted. */
  private void printCompaction(PrintWriter out) {
    if (!now.has("compaction") || now.tree("compaction").integer("segments") == 0) {
      return;
    }
    JsonTree compaction = now.tree("compaction");
    double slowed = compaction.number("slowedSeconds");
    out.printf(
        "space   %s segments compacted, %s copied; writes %s%n",
        Amounts.count(compaction.integer("segments")),
        Amounts.bytes(compaction.integer("copiedBytes")),
        slowed == 0
            ? "never had to be slowed for it"
            : "were slowed for %s%s"
                .formatted(
                    Amounts.seconds(slowed),
                    compaction.flag("slowing") ? ", and are now" : ", and are not now"));
  }

  private void printLease(PrintWriter out) {
    if (!now.has("lease")) {
      return;
    }
    JsonTree lease = now.tree("lease");
    double left = lease.number("leftSeconds");
    String term = Amounts.seconds(lease.number("termSeconds"));
    out.printf(
        "lease   %s; %s%n",
        left > 0
            ? "holds for %s of %s".formatted(Amounts.seconds(left), term)
            : "has lapsed after %s: the next operation asks the store".formatted(term),
        lease.flag("heard")
            ? "somebody may stand by, so the log is kept alive"
            : "nobody is known to stand by");
  }

  /** Nothing, unless somebody else's volume is followed. */
  private void printFollowing(PrintWriter out) {
    if (!now.has("follow")) {
      return;
    }
    JsonTree follow = now.tree("follow");
    out.printf(
        "follow  %s old, log %s, on head %d of %d; %s operations in %s polls, %d rebases%n",
        Amounts.seconds(follow.number("ageSeconds")),
        follow.text("position"),
        follow.integer("baseHead"),
        follow.integer("newestHead"),
        Amounts.count(follow.integer("groups")),
        Amounts.count(follow.integer("polls")),
        follow.integer("rebases"));
    for (String what : List.of("waiting", "failing")) {
      if (!follow.text(what).isEmpty()) {
        out.printf("        %s: %s%n", what, follow.text(what));
      }
    }
  }

  private void printHealth(PrintWriter out) {
    JsonTree health = now.tree("storeHealth");
    String state =
        health.flag("answering")
            ? "answers, %d outages so far".formatted(health.integer("outages"))
            : "DOES NOT ANSWER since %s: %s"
                .formatted(health.text("since"), health.text("lastError"));
    out.printf(
        "store   %s; %d operations wait for it, the first for %s%n",
        state,
        health.integer("operationsWaiting"),
        Amounts.seconds(health.number("longestWaitSeconds")));
  }

  private void printRequests(String section, String heading, double seconds, PrintWriter out) {
    TextTable table =
        new TextTable(heading, "requests", "a second", "errors", "bytes", "mean", "p50", "p99");
    for (String name : now.tree(section).names()) {
      JsonTree entry = now.tree(section).tree(name);
      JsonTree old = before == null ? null : before.tree(section).tree(name);
      long requests = since(entry, old, "requests");
      if (requests == 0) {
        continue;
      }
      double spent = entry.number("seconds") - (old == null ? 0 : old.number("seconds"));
      table.row(
          name,
          Amounts.count(requests),
          "%.1f".formatted(requests / Math.max(seconds, 1e-9)),
          Amounts.count(since(entry, old, "errors")),
          Amounts.bytes(since(entry, old, "bytes")),
          Amounts.seconds(spent / requests),
          Amounts.seconds(entry.number("p50Seconds")),
          Amounts.seconds(entry.number("p99Seconds")));
    }
    table.print(out);
  }

  /** Nothing, unless the store has asked to be asked less. */
  private void printThrottled(PrintWriter out) {
    long throttled = 0;
    for (String name : now.tree("store").names()) {
      JsonTree old = before == null ? null : before.tree("store").tree(name);
      throttled += since(now.tree("store").tree(name), old, "throttled");
    }
    if (throttled > 0) {
      out.printf(
          "%s of the errors: the store was asked too much (fewer requests at a time since)%n",
          Amounts.count(throttled));
    }
  }

  private static long since(JsonTree now, @Nullable JsonTree before, String name) {
    return now.integer(name) - (before == null ? 0 : before.integer(name));
  }
}
