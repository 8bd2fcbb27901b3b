package io.strata.tests.store;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ForwardingStore;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.tests.store.AnswerTable.Step;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store that does what a row of the table says, and counts. For one thread. */
final class ScriptedStore extends ForwardingStore {
  private final Map<Verb, Deque<Step>> steps = new EnumMap<>(Verb.class);
  private final Map<Verb, Integer> requests = new EnumMap<>(Verb.class);

  ScriptedStore(ObjectStore below, List<Step> inTurn) {
    super(below);
    inTurn.forEach(
        step -> steps.computeIfAbsent(step.verb(), verb -> new ArrayDeque<>()).add(step));
  }

  Map<Verb, Integer> requests() {
    return requests;
  }

  @FunctionalInterface
  private interface Request<T> {
    T send() throws StoreException;
  }

  private <T> T serve(Verb verb, ObjectKey key, Request<T> request) throws StoreException {
    requests.merge(verb, 1, Integer::sum);
    Step step = steps.getOrDefault(verb, new ArrayDeque<>()).poll();
    if (step == null) {
      return request.send();
    }
    StoreException answer = answer(step, key);
    if (step.effective()) {
      try {
        request.send();
      } catch (StoreException e) {
        answer.addSuppressed(e);
      }
    }
    throw answer;
  }

  private StoreException answer(Step step, ObjectKey key) {
    String text = "%s %s: %s".formatted(step.verb(), key, step.answer());
    return switch (step.status()) {
      case 404 -> new StoreException.Missing(key, location());
      case 412 -> new StoreException.Exists(key, location());
      case 403 -> new StoreException.Refused(text, null);
      case 429, 503 -> new StoreException.Throttled(text, null, null);
      default -> new StoreException.Unavailable(text, null);
    };
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    serve(
        Verb.PUT,
        key,
        () -> {
          super.put(key, body, condition);
          return key;
        });
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    return serve(Verb.GET, key, () -> super.get(key, range));
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    try {
      return serve(Verb.HEAD, key, () -> super.head(key));
    } catch (StoreException.Missing e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    serve(
        Verb.DELETE,
        keys.iterator().next(),
        () -> {
          super.delete(keys);
          return keys;
        });
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    return serve(Verb.LIST, new ObjectKey("list"), () -> super.list(prefix, after, keysMax));
  }
}
