package io.strata.cli.daemon;

import io.strata.checkpoint.format.KeepRule;
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
public record SnapshotSchedule(List<KeepRule> rules) {
  private static final String PREFIX = "auto-";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'" + PREFIX + "'uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  public SnapshotSchedule {
    rules = List.copyOf(rules);
    if (rules.isEmpty()) {
      throw new IllegalArgumentException("a schedule needs a rule");
    }
  }

  private static long span(KeepRule rule, Instant time) {
    return Math.floorDiv(time.getEpochSecond(), rule.every().toSeconds());
  }

  /** The rule whose spans are the shortest: one snapshot is made in each of them. */
  private KeepRule shortest() {
    KeepRule shortest = rules.getFirst();
    for (KeepRule rule : rules) {
      shortest = rule.every().compareTo(shortest.every()) < 0 ? rule : shortest;
    }
    return shortest;
  }

  /** How long it is from now to the beginning of the next span. */
  public Duration untilNext(Instant now) {
    KeepRule rule = shortest();
    Instant next = Instant.ofEpochSecond((span(rule, now) + 1) * rule.every().toSeconds());
    return Duration.between(now, next);
  }

  /** What a snapshot of now is called. */
  public String name(Instant now) {
    return NAME.format(now);
  }

  /** Whether the span of now has no snapshot yet. */
  public boolean isDue(List<NamedSnapshot> snapshots, Instant now) {
    KeepRule rule = shortest();
    return own(snapshots).stream()
        .noneMatch(each -> span(rule, each.checkpoint().time()) == span(rule, now));
  }

  /** The names of those that no rule keeps. */
  public List<String> toDelete(List<NamedSnapshot> snapshots) {
    List<NamedSnapshot> own = own(snapshots);
    Set<String> kept = new HashSet<>();
    for (KeepRule rule : rules) {
      List<NamedSnapshot> firsts = new ArrayList<>();
      Set<Long> spans = new HashSet<>();
      for (NamedSnapshot each : own) {
        if (spans.add(span(rule, each.checkpoint().time()))) {
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
