package io.strata.tests.proxy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A plan for tests: faults for requests that match, in turn; remembers all requests. Safe for use
 * by any thread.
 */
public final class ProxyScript implements ProxyPlan {
  private final List<Rule> rules = new ArrayList<>();
  private final List<ProxyRequest> seen = new ArrayList<>();
  private Duration delay = Duration.ZERO;

  private record Rule(String method, Pattern target, Deque<ProxyFault> faults, boolean always) {
    boolean matches(ProxyRequest request) {
      return method.equals(request.method())
          && target.matcher(request.target()).find()
          && !faults.isEmpty();
    }
  }

  /**
   * The next requests of this kind meet these faults, one each; later ones pass, or meet what an
   * earlier rule says.
   *
   * @param target a regular expression that is looked for in path and query
   */
  public synchronized ProxyScript next(String method, String target, ProxyFault... faults) {
    Deque<ProxyFault> inTurn = new ArrayDeque<>(List.of(faults));
    rules.addFirst(new Rule(method, Pattern.compile(target), inTurn, false));
    return this;
  }

  /** All requests of this kind meet this fault until {@link #clear}. */
  public synchronized ProxyScript always(String method, String target, ProxyFault fault) {
    Deque<ProxyFault> one = new ArrayDeque<>(List.of(fault));
    rules.addFirst(new Rule(method, Pattern.compile(target), one, true));
    return this;
  }

  /** Every request is late by this from now on. */
  public synchronized ProxyScript delay(Duration each) {
    delay = each;
    return this;
  }

  /** Forgets all rules and requests. */
  public synchronized void clear() {
    rules.clear();
    seen.clear();
    delay = Duration.ZERO;
  }

  /** All requests so far, in the order of their arrival. */
  public synchronized List<ProxyRequest> seen() {
    return List.copyOf(seen);
  }

  /** Those requests so far whose method and target match. */
  public synchronized List<ProxyRequest> seen(String method, String target) {
    Pattern pattern = Pattern.compile(target);
    return seen.stream()
        .filter(one -> one.method().equals(method) && pattern.matcher(one.target()).find())
        .toList();
  }

  @Override
  public synchronized Treatment decide(ProxyRequest request) {
    seen.add(request);
    for (Rule rule : rules) {
      if (rule.matches(request)) {
        ProxyFault fault = rule.always() ? rule.faults().getFirst() : rule.faults().removeFirst();
        return new Treatment(delay, fault);
      }
    }
    return new Treatment(delay, ProxyFault.PASS);
  }
}
