package io.strata.tests.takeover;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What many rounds showed, by kind of fault. */
final class RoundFigures {
  private final Map<Fault, List<RoundResult>> results = new EnumMap<>(Fault.class);

  void add(RoundResult result) {
    results.computeIfAbsent(result.fault(), fault -> new ArrayList<>()).add(result);
  }

  /** Prints a table. */
  void print(PrintStream out) {
    out.printf(
        "%n%-22s %6s %24s %21s %12s %6s %10s %5s%n",
        "the owner is", "rounds", "first answer, s", "requests until then", "answered for", "stale",
        "promised", "lost");
    out.printf(
        "%-22s %6s %24s %21s %12s%n", "", "", "min / median / max", "min / median / max",
        "max, s");
    results.forEach((fault, rounds) -> line(out, fault.toString(), rounds));
    line(out, "all", results.values().stream().flatMap(List::stream).toList());
  }

  private static void line(PrintStream out, String name, List<RoundResult> rounds) {
    out.printf(
        "%-22s %6d %24s %21s %12.2f %6d %,10d %5d%n",
        name,
        rounds.size(),
        spread(rounds, RoundResult::firstAnswerSeconds, "%.2f / %.2f / %.2f"),
        spread(rounds, RoundResult::requests, "%.0f / %.0f / %.0f"),
        rounds.stream().mapToDouble(RoundResult::answeredSeconds).max().orElse(0),
        rounds.stream().mapToInt(RoundResult::staleReads).sum(),
        rounds.stream().mapToLong(RoundResult::promised).sum(),
        rounds.stream().mapToLong(RoundResult::lost).sum());
  }

  private static String spread(
      List<RoundResult> rounds, ToDoubleFunction<RoundResult> figure, String format) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int count = sorted.length;
    if (count == 0) {
      return "-";
    }
    double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
    return format.formatted(sorted[0], median, sorted[count - 1]);
  }
}
