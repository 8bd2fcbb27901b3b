package io.strata.tests.takeover;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Rounds in a lab: in each the owner meets a fault under load, the standby takes over and has load
 * in turn, the old owner finds out and ends, and what it acknowledged is looked for. Confined to one
 * thread.
 */
final class Rounds {
  /** What a daemon promises to stop answering within when it is cut off. */
  private static final Duration LEASE_TERM = Duration.ofSeconds(3);

  private static final List<String> STANDBY = List.of("--standby");
  private static final Duration STANDING_MAX = Duration.ofMinutes(2);
  private static final Duration TAKEOVER_MAX = Duration.ofMinutes(2);
  private static final Duration END_MAX = Duration.ofMinutes(2);
  private static final Duration READ_MAX = Duration.ofMinutes(5);
  private static final int LOAD_MILLIS_MIN = 1000;
  private static final int LOAD_MILLIS_MAX = 2500;
  private static final int HEAL_MILLIS_MAX = 1500;
  private static final int POLL_MILLIS = 2;

  private final Lab lab;
  private final long seed;
  private final Random random;
  private final PrintStream out;
  private final Beacon beacon = new Beacon();
  private final RoundFigures figures = new RoundFigures();
  private final List<RoundFiles> kept = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private Host owner;
  private Host standby;

  Rounds(Lab lab, long seed, PrintStream out) {
    this.lab = lab;
    this.seed = seed;
    random = new Random(seed);
    this.out = out;
    owner = lab.first();
    standby = lab.second();
  }

  /**
   * Runs them, and then checks all that they left once more.
   *
   * @return what was violated
   */
  List<String> run(int rounds) throws IOException, InterruptedException {
    owner.start(STANDBY);
    firstAnswer(owner, true);
    standby.start(STANDBY);
    Load load = Load.start(1, owner.mount(), beacon, seed);
    List<Fault> bag = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      if (bag.isEmpty()) {
        bag.addAll(lab.faults());
        Collections.shuffle(bag, random);
      }
      load = round(bag.removeLast(), load);
    }
    finish(load);
    figures.print(out);
    return violations;
  }

  /** One round; returns the load of the next. */
  private Load round(Fault fault, Load load) throws IOException, InterruptedException {
    standby.awaitStandingBy(STANDING_MAX);
    Thread.sleep(random.nextInt(LOAD_MILLIS_MIN, LOAD_MILLIS_MAX));
    long requestsBefore = standby.requests();
    fault.strike(owner);
    long struck = System.nanoTime();
    long answered = firstAnswer(standby, false);
    long requests = standby.requests() - requestsBefore;
    Load next = Load.start(load.round() + 1, standby.mount(), beacon, seed);
    Thread.sleep(random.nextInt(HEAL_MILLIS_MAX));
    fault.heal(owner);
    owner.awaitEnd(END_MAX);
    load.stop();
    load.join(END_MAX);
    owner.kill();
    owner.start(STANDBY);
    RoundFiles found = read(standby, load.round());
    RoundCheck.Verdict verdict =
        RoundCheck.check(load.round(), seed, load.writers(), found, fault == Fault.TERM);
    List<String> wrong = new ArrayList<>(verdict.violations());
    wrong.addAll(new OldOwner(load, struck, answered).violations(fault, LEASE_TERM));
    kept.add(found);
    RoundResult result =
        new RoundResult(
            fault,
            seconds(answered - struck),
            requests,
            seconds(load.watch().lastAnsweredNanos() - struck),
            load.watch().stale(),
            verdict.promised(),
            verdict.lost(),
            wrong);
    report(load.round(), result);
    Host ended = owner;
    owner = standby;
    standby = ended;
    return next;
  }

  private void report(int round, RoundResult result) {
    figures.add(result);
    violations.addAll(result.violations());
    out.printf(
        "%4d  %-22s first answer after %5.2f s, %3d requests; answered for %5.2f s, %d stale;"
            + " %d promised, %d lost%n",
        round,
        result.fault(),
        result.firstAnswerSeconds(),
        result.requests(),
        result.answeredSeconds(),
        result.staleReads(),
        result.promised(),
        result.lost());
    result.violations().forEach(violation -> out.println("      " + violation));
  }

  private static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Waits for the first answer of a mount.
   *
   * @param fresh whether the volume is new
   * @return when it came
   */
  private long firstAnswer(Host host, boolean fresh) throws IOException, InterruptedException {
    return Bounded.call(
        "first answer of " + host,
        TAKEOVER_MAX,
        () -> {
          while (!host.isMounted()) {
            if (!host.runs()) {
              throw new IOException("the daemon has ended; see " + host.log());
            }
            Thread.sleep(POLL_MILLIS);
          }
          if (fresh) {
            beacon.create(host.mount());
          }
          try (SecureDirectoryStream<Path> folder = beacon.open(host.mount())) {
            if (!beacon.look(folder)) {
              violations.add("the first answer of " + host + " is stale");
            }
          }
          return System.nanoTime();
        });
  }

  private static RoundFiles read(Host host, int round) throws IOException, InterruptedException {
    return Bounded.call(
        "read round " + round + " on " + host,
        READ_MAX,
        () -> RoundFiles.read(host.mount(), round, Load.WRITERS));
  }

  private void finish(Load load) throws IOException, InterruptedException {
    load.stop();
    load.join(END_MAX);
    RoundFiles last = read(owner, load.round());
    RoundCheck.Verdict verdict =
        RoundCheck.check(load.round(), seed, load.writers(), last, true);
    violations.addAll(verdict.violations());
    for (int round = 1; round <= kept.size(); round++) {
      if (!kept.get(round - 1).equals(read(owner, round))) {
        violations.add("round " + round + ": its files have changed since it was checked");
      }
    }
    standby.kill();
    owner.signal("TERM");
    int status = owner.awaitEnd(END_MAX);
    if (status != 0) {
      violations.add("the last owner ended with status %d; see %s".formatted(status, owner.log()));
    }
    try {
      lab.check();
    } catch (IOException e) {
      violations.add("fsck: " + e.getMessage());
    }
  }
}
