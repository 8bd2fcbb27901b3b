package io.strata.cli.doctor;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ForwardingStore;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A store that breaks one promise. */
final class LyingStore extends ForwardingStore {
  /** Which one. */
  enum Lie {
    NONE,
    IGNORES_CONDITIONS,
    LETS_SEVERAL_WIN,
    TELLS_THE_WINNER_THAT_IT_LOST,
    REMEMBERS_ABSENCE,
    LISTS_LATE,
    LISTS_THE_DELETED,
    IGNORES_RANGES,
    KEEPS_THE_DELETED,
    LOSES_BYTES
  }

  private final Lie lie;
  private final Set<ObjectKey> seenAbsent = ConcurrentHashMap.newKeySet();
  private final Set<ObjectKey> deleted = ConcurrentHashMap.newKeySet();

  LyingStore(ObjectStore store, Lie lie) {
    super(store);
    this.lie = lie;
  }

  @Override
  public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
    boolean race = key.value().contains("/race-");
    switch (lie) {
      case IGNORES_CONDITIONS -> super.put(key, body, Condition.NONE);
      case LETS_SEVERAL_WIN -> super.put(key, body, race ? Condition.NONE : condition);
      case TELLS_THE_WINNER_THAT_IT_LOST -> {
        super.put(key, body, condition);
        if (race) {
          throw new StoreException.Exists(key, location());
        }
      }
      case LOSES_BYTES -> super.put(key, Body.of(new byte[(int) body.length()]), condition);
      default -> super.put(key, body, condition);
    }
  }

  @Override
  public ByteBuffer get(ObjectKey key, ByteRange range) throws StoreException {
    if (lie == Lie.REMEMBERS_ABSENCE && seenAbsent.contains(key)) {
      throw new StoreException.Missing(key, location());
    }
    return super.get(key, lie == Lie.IGNORES_RANGES ? ByteRange.ALL : range);
  }

  @Override
  public Optional<Long> head(ObjectKey key) throws StoreException {
    Optional<Long> length = super.head(key);
    if (length.isEmpty()) {
      seenAbsent.add(key);
    }
    return lie == Lie.KEEPS_THE_DELETED && deleted.contains(key) ? Optional.of(16L) : length;
  }

  @Override
  public void delete(Collection<ObjectKey> keys) throws StoreException {
    deleted.addAll(keys);
    boolean kept = lie == Lie.LISTS_THE_DELETED && keys.size() > 1 && keys.stream()
        .allMatch(key -> key.value().contains("/list/"));
    if (!kept) {
      super.delete(keys);
    }
  }

  @Override
  public ListPage list(String prefix, String after, int keysMax) throws StoreException {
    ListPage page = super.list(prefix, after, keysMax);
    return lie == Lie.LISTS_LATE && !page.more() && !page.entries().isEmpty()
        ? new ListPage(List.copyOf(page.entries().subList(1, page.entries().size())), false)
        : page;
  }
}
