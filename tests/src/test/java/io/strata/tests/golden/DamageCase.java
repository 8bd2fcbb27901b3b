package io.strata.tests.golden;

import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What is done to which object.
 *
 * @param other another object of the same kind, if the damage needs one
 */
record DamageCase(Damage damage, ObjectKey key, ObjectKey other) {
  /** Each damage of each object of a bucket. */
  static List<DamageCase> all(MemStore bucket, Random random) {
    Map<String, List<ObjectKey>> kinds = new HashMap<>();
    for (ObjectKey key : bucket.keys()) {
      kinds.computeIfAbsent(kind(key), kind -> new ArrayList<>()).add(key);
    }
    List<DamageCase> cases = new ArrayList<>();
    for (ObjectKey key : bucket.keys()) {
      List<ObjectKey> others = new ArrayList<>(kinds.getOrDefault(kind(key), List.of()));
      others.remove(key);
      List<ObjectKey> same = kinds.getOrDefault(kind(key), List.of());
      int older = same.indexOf(key) - 1;
      for (Damage damage : Damage.values()) {
        if (damage == Damage.DUPLICATE) {
          free(bucket, key).ifPresent(name -> cases.add(new DamageCase(damage, key, name)));
        } else if (damage == Damage.OLDER) {
          if (older >= 0) {
            cases.add(new DamageCase(damage, key, same.get(older)));
          }
        } else if (!others.isEmpty()) {
          cases.add(new DamageCase(damage, key, others.get(random.nextInt(others.size()))));
        } else if (!damage.needsOther()) {
          cases.add(new DamageCase(damage, key, key));
        }
      }
    }
    return cases;
  }

  /** The next name that is free; empty for what has but one. */
  private static Optional<ObjectKey> free(MemStore bucket, ObjectKey key) {
    if (!key.value().contains("/")) {
      return Optional.empty();
    }
    String last = key.value().substring(key.value().length() - 8);
    String before = key.value().substring(0, key.value().length() - 8);
    for (long number = Long.parseLong(last, 16) + 1; ; number++) {
      ObjectKey next = named(key, before, number);
      if (!bucket.keys().contains(next)) {
        return Optional.of(next);
      }
    }
  }

  /** Segments and packs are spread over folders by their whole names. */
  private static ObjectKey named(ObjectKey key, String before, long number) {
    String[] parts = before.split("/", -1);
    if (parts.length == 3 && !parts[0].equals("log")) {
      Epoch epoch = new Epoch(Integer.parseInt(parts[2].substring(0, 8), 16));
      Nonce nonce = Nonce.of(epoch, number);
      return key.value().startsWith("seg") ? ObjectNames.segment(nonce) : ObjectNames.pack(nonce);
    }
    return new ObjectKey(before + "%08x".formatted(number));
  }

  private static String kind(ObjectKey key) {
    return key.value().split("/", 2)[0];
  }

  void apply(MemStore bucket, Random random) throws IOException {
    damage.apply(bucket, key, other, random);
  }

  @Override
  public String toString() {
    return !key.equals(other) ? damage + " " + key + " by " + other : damage + " " + key;
  }
}
