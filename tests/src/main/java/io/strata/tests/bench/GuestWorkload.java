package io.strata.tests.bench;

import io.strata.tests.guest.BackEnd;
import io.strata.tests.guest.Guest;
import io.strata.tests.guest.GuestLab;
import io.strata.tests.guest.GuestSpec;
import io.strata.tests.guest.Server;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One guest, two devices, the same work on each in turn: QEMU's {@code virtiofsd} on a local folder
 * and {@code strata serve} on a volume, with the same cache mode. Prints the medians of the last
 * rounds, how the two compare in each of them, and the very first round by itself: there the back
 * ends were cold, and one of them is a JVM. Those between are to warm it, and not counted.
 *
 * <p>Arguments: the folder of the tests, the local folder, the volume's URL. {@code -Drounds},
 * {@code -Dwarm}, {@code -Dfiles}, {@code -Dmib}, {@code -Dplaces} set the amount, {@code -Dcache}
 * the mode (auto, always, never).
 */
public final class GuestWorkload {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final int WARM = Integer.getInteger("warm", 4);
  private static final String CACHE = System.getProperty("cache", "auto");
  private static final int GUEST_MIB = 512;
  private static final int MINUTES_A_ROUND = 5;

  /** Strata's and virtiofsd's figures, by round. */
  private record Pair(String unit, Map<Integer, Double> strata, Map<Integer, Double> virtiofsd) {}

  private GuestWorkload() {}

  /** Runs the workload. */
  public static void main(String[] arguments) throws Exception {
    Path local = Path.of(arguments[1]);
    try (GuestLab lab = GuestLab.open(Path.of(arguments[0]), "bench")) {
      String mode = CACHE.equals("never") ? "none" : CACHE;
      Server virtiofsd = lab.serve(BackEnd.virtiofsd(local, "-o", "cache=" + mode), 1);
      Server strata = lab.serve(lab.strata(arguments[2], "--cache", CACHE), 1);
      GuestSpec spec =
          GuestSpec.of("bench", virtiofsd.socket(0))
              .serving(Map.of("virtiofsd", virtiofsd.socket(0), "strata", strata.socket(0)))
              .with("warm", String.valueOf(WARM))
              .with("rounds", String.valueOf(ROUNDS))
              .with("files", System.getProperty("files", "2000"))
              .with("mib", System.getProperty("mib", "256"))
              .with("places", System.getProperty("places", "2000"))
              .sized(GUEST_MIB, Duration.ofMinutes((WARM + ROUNDS + 1L) * MINUTES_A_ROUND));
      Guest guest = lab.boot(spec);
      for (String said = guest.nextSignal(); said != null; said = guest.nextSignal()) {
        System.err.println(said);
      }
      print(figures(guest.finish()));
    }
  }

  private static Map<String, Pair> figures(List<String> said) {
    Map<String, Pair> figures = new LinkedHashMap<>();
    for (String line : said) {
      if (line.startsWith("FAIL ")) {
        throw new IllegalStateException(line);
      }
      if (line.startsWith("figure ")) {
        String[] words = line.split(" ", -1);
        // ROUND.TAG.NAME
        String[] name = words[1].split("\\.", -1);
        Pair pair =
            figures.computeIfAbsent(
                name[2],
                any -> new Pair(words[3], new LinkedHashMap<>(), new LinkedHashMap<>()));
        (name[1].equals("strata") ? pair.strata() : pair.virtiofsd())
            .put(Integer.valueOf(name[0]), Double.valueOf(words[2]));
      }
    }
    return figures;
  }

  private static void print(Map<String, Pair> figures) {
    System.out.printf(
        "cache %s; median of %d%n%-14s %-9s %10s %10s %7s %22s%n",
        CACHE, ROUNDS, "", "", "strata", "virtiofsd", "ratio", "round 0 (cold)");
    figures.forEach(
        (name, pair) -> {
          List<Double> strata = new ArrayList<>();
          List<Double> virtiofsd = new ArrayList<>();
          List<Double> ratios = new ArrayList<>();
          for (int round = WARM + 1; round <= WARM + ROUNDS; round++) {
            strata.add(pair.strata().getOrDefault(round, Double.NaN));
            virtiofsd.add(pair.virtiofsd().getOrDefault(round, Double.NaN));
            ratios.add(strata.getLast() / virtiofsd.getLast());
          }
          System.out.printf(
              "%-14s %-9s %10.0f %10.0f %6.2f× %10.0f %10.0f%n",
              name,
              pair.unit(),
              median(strata),
              median(virtiofsd),
              median(ratios),
              pair.strata().getOrDefault(0, Double.NaN),
              pair.virtiofsd().getOrDefault(0, Double.NaN));
        });
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
