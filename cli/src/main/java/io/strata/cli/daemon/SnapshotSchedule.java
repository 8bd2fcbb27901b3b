package io.strata.cli.daemon;

import io.strata.checkpoint.format.NamedSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * When snapshots are made without anybody's asking, and which of them stay: of each rule's spans of
 * time, the last so many that have one, each with its first. Only snapshots with names as this gives
 * them are ever chosen to go. Pure.
 *
 * @param rules at least one
 */
public record SnapshotSchedule(List<Rule> rules) {
  private static final String PREFIX = "auto-";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'" + PREFIX + "'uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Duration EVERY_MIN = Duration.ofMinutes(1);
  private static final int KEEP_MAX = 500;

  /**
   * Keep one a span of time.
   *
   * @param every the span, at least a minute
   * @param keep how many of them
   */
  public record Rule(Duration every, int keep) {
    public Rule {
      if (every.compareTo(EVERY_MIN) < 0) {
        throw new IllegalArgumentException("snapshots are at least a minute apart: " + every);
      }
      if (keep < 1 || keep > KEEP_MAX) {
        throw new IllegalArgumentException(
            "a rule keeps 1 to %d snapshots, not %d".formatted(KEEP_MAX, keep));
      }
    }

    private long span(Instant time) {
      return Math.floorDiv(time.getEpochSecond(), every.toSeconds());
    }
  }

  public SnapshotSchedule {
    rules = List.copyOf(rules);
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("a schedule needs a rule");
    }
  }

  /** The rule whose spans are the shortest: one snapshot is made in each of them. */
  private Rule shortest() {
    Rule shortest = rules.getFirst();
    for (Rule rule : rules) {
      shortest = rule.every().compareTo(shortest.every()) < 0 ? rule : shortest;
    }
    return shortest;
  }

  /** How long it is from now to the beginning of the next span. */
  public Duration untilNext(Instant now) {
    Rule rule = shortest();
    Instant next = Instant.ofEpochSecond((rule.span(now) + 1) * rule.every().toSeconds());
    return Duration.between(now, next);
  }

  /** What a snapshot of now is called. */
  public String name(Instant now) {
    return NAME.format(now);
  }

  /** Whether the span of now has no snapshot yet. */
  public boolean isDue(List<NamedSnapshot> snapshots, Instant now) {
    Rule rule = shortest();
    return own(snapshots).stream()
        .noneMatch(each -> rule.span(each.checkpoint().time()) == rule.span(now));
  }

  /** The names of those that no rule keeps. */
  public List<String> toDelete(List<NamedSnapshot> snapshots) {
    List<NamedSnapshot> own = own(snapshots);
    Set<String> kept = new HashSet<>();
    for (Rule rule : rules) {
      List<NamedSnapshot> firsts = new ArrayList<>();
      Set<Long> spans = new HashSet<>();
      for (NamedSnapshot each : own) {
        if (spans.add(rule.span(each.checkpoint().time()))) {
          firsts.add(each);
        }
      }
      firsts
          .subList(Math.max(0, firsts.size() - rule.keep()), firsts.size())
          .forEach(each -> kept.add(each.name()));
    }
    return own.stream().map(NamedSnapshot::name).filter(name -> !kept.contains(name)).toList();
  }

  private static List<NamedSnapshot> own(List<NamedSnapshot> snapshots) {
    return snapshots.stream()
        .filter(each -> each.name().matches(PREFIX + "\\d{8}T\\d{6}Z"))
        .toList();
  }
}
