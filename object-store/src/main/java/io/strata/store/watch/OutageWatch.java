package io.strata.store.watch;

import io.strata.platform.Clock;
import io.strata.platform.Platform;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides from what becomes of requests whether a store answers.
 *
 * <p>An outage has begun when for {@link #FAILING_MAX} every request has failed, or when one has
 * stood still for {@link #SILENCE_MAX} and no other was answered since it was sent. Any answer ends
 * it. A lost request now and then is none.
 *
 * <p>While nothing is sent nothing is watched. Safe for any thread; guarded by its monitor, without
 * which listeners are called, in the order of events.
 */
final class OutageWatch {
  /** Two retries fail before this is said. */
  static final Duration FAILING_MAX = Duration.ofSeconds(3);

  /** A large object on a slow line may well take some seconds. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Platform platform;
  private final Clock clock;
  private final Set<Sent> underWay = new LinkedHashSet<>();
  private final Queue<Runnable> news = new ArrayDeque<>();

  /** Since when everything fails; null after an answer. */
  private @Nullable Instant failing;

  private long failingNanos;

  private @Nullable Outage outage;
  private @Nullable String lastError;
  private @Nullable OutageListener listener;
  private long answers;
  private long outages;
  private boolean looking;
  private boolean telling;

  OutageWatch(Platform platform) {
    this.platform = platform;
    this.clock = platform.clock();
  }

  /** A request on its way; equal to no other. */
  static final class Sent {
    private final Verb verb;
    private final String name;
    private final Instant at;
    private final long atNanos;

    /** How many answers had come by then: more since then mean that the store is there. */
    private final long answersBefore;

    private Sent(Verb verb, String name, Instant at, long atNanos, long answersBefore) {
      this.verb = verb;
      this.name = name;
      this.at = at;
      this.atNanos = atNanos;
      this.answersBefore = answersBefore;
    }

    @Override
    public String toString() {
      return verb.name().toLowerCase(Locale.ROOT) + " " + name;
    }
  }

  synchronized StoreHealth health() {
    return new StoreHealth(outage, outages, lastError);
  }

  /** A lasting outage is told at once. */
  synchronized void tell(OutageListener to) {
    listener = to;
    Outage lasting = outage;
    if (lasting != null) {
      news(() -> to.began(lasting));
    }
  }

  synchronized Sent sent(Verb verb, String name) {
    Sent sent = new Sent(verb, name, clock.now(), clock.nanoTime(), answers);
    underWay.add(sent);
    look();
    return sent;
  }

  /** However that was: also by what is no word of the store's. */
  synchronized void ended(Sent sent) {
    underWay.remove(sent);
  }

  synchronized void answered(Sent sent) {
    underWay.remove(sent);
    answers++;
    failing = null;
    Outage over = outage;
    if (over != null) {
      outage = null;
      Duration lasted = over.lastedAt(clock.nanoTime());
      OutageListener to = listener;
      if (to != null) {
        news(() -> to.ended(over, lasted));
      }
    }
  }

  synchronized void failed(Sent sent, StoreException why) {
    underWay.remove(sent);
    if (Thread.currentThread().isInterrupted()) {
      return; // given up by whoever asked: that says nothing about the store
    }
    String error = String.valueOf(why.getMessage());
    lastError = error;
    if (sent.answersBefore < answers) {
      return; // lost on a connection of before; the store has answered since
    }
    if (failing == null) {
      failing = sent.at;
      failingNanos = sent.atNanos;
    }
    if (outage != null) {
      outage = outage.with(error);
    }
    judge();
    look();
  }

  /** Begins to look at what is under way, unless that is done already. */
  private void look() {
    if (!looking) {
      looking = true;
      Clock.Timer _ = clock.schedule(LOOK, this::lookNow);
    }
  }

  private synchronized void lookNow() {
    looking = false;
    judge();
    // In an outage whoever asks again brings the next look with it.
    if (outage == null && (failing != null || !underWay.isEmpty())) {
      look();
    }
  }

  private void judge() {
    if (outage != null) {
      return;
    }
    long now = clock.nanoTime();
    if (failing != null && now - failingNanos >= FAILING_MAX.toNanos()) {
      begin(new Outage(failing, failingNanos, String.valueOf(lastError)));
      return;
    }
    for (Sent sent : underWay) {
      // What was sent before an answer came may be lost on a connection of its own.
      if (sent.answersBefore == answers) {
        if (now - sent.atNanos >= SILENCE_MAX.toNanos()) {
          begin(new Outage(sent.at, sent.atNanos, "no answer to " + sent));
        }
        return;
      }
    }
  }

  private void begin(Outage found) {
    outage = found;
    outages++;
    OutageListener to = listener;
    if (to != null) {
      news(() -> to.began(found));
    }
  }

  /** Listeners may be slow or ask back; they hear one thing after the other. */
  private void news(Runnable event) {
    news.add(event);
    if (!telling) {
      telling = true;
      platform.waiting().execute(this::tellAll);
    }
  }

  private void tellAll() {
    while (true) {
      Runnable next;
      synchronized (this) {
        next = news.poll();
        if (next == null) {
          telling = false;
          return;
        }
      }
      next.run();
    }
  }
}
