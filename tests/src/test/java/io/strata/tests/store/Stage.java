package io.strata.tests.store;

import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.Verb;
import io.strata.store.mem.MemStore;
import io.strata.store.s3.S3Settings;
import io.strata.tests.proxy.ProxyFault;
import io.strata.tests.proxy.ProxyRequest;
import io.strata.tests.store.AnswerTable.Step;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Where rows are played: a store without faults, and the same with those of a row. */
sealed interface Stage extends AutoCloseable {
  /** The store as it is. */
  ObjectStore plain();

  /** The store with these faults from now on. */
  ObjectStore faulty(List<Step> steps);

  /** What the faulty store was asked; its faults are over. */
  Map<Verb, Integer> counted();

  /** Where pauses pass. */
  Platform platform();

  @Override
  void close();

  /** A store in memory; pauses take no time. */
  final class InMemory implements Stage {
    private final MemStore bucket = new MemStore();
    private final Platform platform =
        new Platform(
            ManualClock.skippingSleep(Instant.EPOCH),
            new SplittableRandom(1),
            Runnable::run,
            Runnable::run);
    private ScriptedStore scripted = new ScriptedStore(bucket, List.of());

    @Override
    public ObjectStore plain() {
      return bucket;
    }

    @Override
    public ObjectStore faulty(List<Step> steps) {
      scripted = new ScriptedStore(bucket, steps);
      return scripted;
    }

    @Override
    public Map<Verb, Integer> counted() {
      return scripted.requests();
    }

    @Override
    public Platform platform() {
      return platform;
    }

    @Override
    public void close() {}
  }

  /** A server behind the proxy. */
  final class OnServer implements Stage {
    // Silence is two rows' business; for the others it is to be longer than any pause of a server.
    private static final Duration SILENCE_MAX = Duration.ofSeconds(3);
    private static final long HALF_BYTES = 20;

    private final S3Lab lab;
    private final ObjectStore store;

    OnServer() throws IOException {
      lab = new S3Lab(null);
      store = lab.open(new S3Settings(4, SILENCE_MAX, Duration.ofSeconds(30), null));
    }

    @Override
    public ObjectStore plain() {
      return store;
    }

    @Override
    public ObjectStore faulty(List<Step> steps) {
      lab.script().clear();
      // The latest rule comes first.
      for (Step step : steps.reversed()) {
        lab.script().next(method(step.verb()), target(step.verb()), fault(step));
      }
      return store;
    }

    @Override
    public Map<Verb, Integer> counted() {
      Map<Verb, Integer> counted = new EnumMap<>(Verb.class);
      for (ProxyRequest request : lab.script().seen()) {
        counted.merge(verb(request), 1, Integer::sum);
      }
      lab.script().clear();
      return counted;
    }

    @Override
    public Platform platform() {
      return S3Lab.PLATFORM;
    }

    @Override
    public void close() {
      store.close();
      lab.close();
    }

    private static String method(Verb verb) {
      return switch (verb) {
        case PUT -> "PUT";
        case GET, LIST -> "GET";
        case HEAD -> "HEAD";
        case DELETE -> "POST";
      };
    }

    private static String target(Verb verb) {
      return switch (verb) {
        case LIST -> "list-type=2";
        case DELETE -> "[?]delete";
        case PUT, GET, HEAD -> "^[^?]*$";
      };
    }

    private static Verb verb(ProxyRequest request) {
      return switch (request.method()) {
        case "PUT" -> Verb.PUT;
        case "HEAD" -> Verb.HEAD;
        case "POST" -> Verb.DELETE;
        case "GET" -> request.target().contains("list-type=2") ? Verb.LIST : Verb.GET;
        default -> throw new IllegalStateException("nobody sends " + request);
      };
    }

    private static ProxyFault fault(Step step) {
      return switch (step.answer()) {
        case "lost" -> ProxyFault.DROP;
        case "reply lost" -> ProxyFault.LOSE_REPLY;
        case "silence" -> new ProxyFault.Hang(step.effective());
        case "half a status" -> ProxyFault.CUT_STATUS;
        case "half a head" -> ProxyFault.CUT_HEADERS;
        case "half a body" -> new ProxyFault.CutBody(HALF_BYTES);
        default ->
            step.effective()
                ? ProxyFault.answerAfter(step.status(), code(step.status()))
                : ProxyFault.answer(step.status(), code(step.status()));
      };
    }

    private static String code(int status) {
      return switch (status) {
        case 403 -> "AccessDenied";
        case 404 -> "NoSuchKey";
        case 408 -> "RequestTimeout";
        case 409 -> "ConditionalRequestConflict";
        case 412 -> "PreconditionFailed";
        case 429 -> "TooManyRequests";
        case 503 -> "SlowDown";
        default -> "InternalError";
      };
    }
  }
}
