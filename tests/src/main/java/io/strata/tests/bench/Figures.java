package io.strata.tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was reached: for each kind of work and whoever did it, one value a round. Confined. */
public final class Figures {
  /** Work done, a second. */
  private record Figure(String name, String unit) {}

  private final Map<Figure, Map<String, List<Double>>> values = new LinkedHashMap<>();

  /** Some work that takes time. */
  @FunctionalInterface
  public interface Work {
    void run() throws IOException;
  }

  /** Does work and records how much of it was done in a second. */
  public void measure(String who, String name, String unit, double amount, Work work)
      throws IOException {
    long start = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    values
        .computeIfAbsent(new Figure(name, unit), figure -> new LinkedHashMap<>())
        .computeIfAbsent(who, any -> new ArrayList<>())
        .add(amount / seconds);
  }

  /** Prints medians, and the medians of the first one's ratios to the others. */
  public void print(String title, List<String> names) {
    System.out.printf("%n%-34s %-9s", title, "");
    names.forEach(name -> System.out.printf(" %10s", name));
    String first = names.getFirst();
    List<String> others = names.subList(1, names.size());
    others.forEach(other -> System.out.printf(" %14s", first + "/" + other));
    System.out.println();
    values.forEach(
        (figure, byName) -> {
          System.out.printf("%-34s %-9s", figure.name(), figure.unit());
          for (String name : names) {
            System.out.printf(" %10s", figure(median(of(byName, name)), "%.0f"));
          }
          for (String other : others) {
            double ratio = median(ratios(of(byName, first), of(byName, other)));
            System.out.printf(" %14s", figure(ratio, "%.2f"));
          }
          System.out.println();
        });
  }

  private static List<Double> of(Map<String, List<Double>> byName, String name) {
    return byName.getOrDefault(name, List.of());
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
