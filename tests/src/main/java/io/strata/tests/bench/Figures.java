package io.strata.tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was reached: for each kind of work and each target, one value a round. */
final class Figures {
  /** Work done, a second. */
  private record Figure(String name, String unit) {}

  private final Map<Figure, Map<Target, List<Double>>> values = new LinkedHashMap<>();

  /** Some work that takes time. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Does work and records how much of it was done in a second. */
  void measure(Target target, String name, String unit, double amount, Work work)
      throws IOException {
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    values
        .computeIfAbsent(new Figure(name, unit), figure -> new LinkedHashMap<>())
        .computeIfAbsent(target, any -> new ArrayList<>())
        .add(amount / seconds);
  }

  /** Prints medians, and the medians of the first target's ratios to the others. */
  void print(String title, List<Target> targets) {
    System.out.printf("%n%-34s %-9s", title, "");
    targets.forEach(target -> System.out.printf(" %10s", target.name()));
    Target subject = targets.getFirst();
    List<Target> others = targets.subList(1, targets.size());
    others.forEach(
        target -> System.out.printf(" %14s", subject.name() + "/" + target.name()));
    System.out.println();
    values.forEach(
        (figure, byTarget) -> {
          System.out.printf("%-34s %-9s", figure.name(), figure.unit());
          for (Target target : targets) {
            System.out.printf(" %10s", figure(median(of(byTarget, target)), "%.0f"));
          }
          for (Target target : others) {
            double ratio = median(ratios(of(byTarget, subject), of(byTarget, target)));
            System.out.printf(" %14s", figure(ratio, "%.2f"));
          }
          System.out.println();
        });
  }

  private static List<Double> of(Map<Target, List<Double>> byTarget, Target target) {
    return byTarget.getOrDefault(target, List.of());
  }

  private static String figure(double value, String format) {
    return Double.isNaN(value) ? "-" : format.formatted(value);
  }

  /** Of each round: what a machine does at the time affects both alike. */
  private static List<Double> ratios(List<Double> ours, List<Double> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      ratios.add(ours.get(i) / theirs.get(i));
    }
    return ratios;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int count = sorted.size();
    return count == 0 ? Double.NaN : (sorted.get((count - 1) / 2) + sorted.get(count / 2)) / 2;
  }
}
