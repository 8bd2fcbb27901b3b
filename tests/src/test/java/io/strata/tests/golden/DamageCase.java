package io.strata.tests.golden;

import io.strata.store.ObjectKey;
import io.strata.store.mem.MemStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
      for (Damage damage : Damage.values()) {
        if (!others.isEmpty()) {
          cases.add(new DamageCase(damage, key, others.get(random.nextInt(others.size()))));
        } else if (!damage.needsOther()) {
          cases.add(new DamageCase(damage, key, key));
        }
      }
    }
    return cases;
  }

  private static String kind(ObjectKey key) {
    return key.value().split("/", 2)[0];
  }

  void apply(MemStore bucket, Random random) throws IOException {
    damage.apply(bucket, key, other, random);
  }

  @Override
  public String toString() {
    return damage.needsOther() ? damage + " " + key + " by " + other : damage + " " + key;
  }
}
