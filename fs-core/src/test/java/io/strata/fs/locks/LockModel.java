package io.strata.fs.locks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Locks as a plain array: what each owner holds of each byte of each file. */
final class LockModel {
  /** Bytes that are looked at; the last one stands for all that follow. */
  static final int BYTES = 24;

  record Key(LockName name, LockOwner owner) {}

  private static final @Nullable LockMode[] NOTHING = new LockMode[BYTES];

  private final Map<Key, @Nullable LockMode[]> held = new HashMap<>();

  static ByteRange range(int first, int last) {
    return new ByteRange(first, last >= BYTES - 1 ? Long.MAX_VALUE : last);
  }

  private static int end(ByteRange range) {
    return (int) Math.min(range.last(), BYTES - 1);
  }

  @Nullable LockMode[] of(LockName name, LockOwner owner) {
    return held.computeIfAbsent(new Key(name, owner), none -> new LockMode[BYTES]);
  }

  boolean conflicts(LockName name, LockOwner owner, ByteRange range, LockMode mode) {
    return held.keySet().stream()
        .filter(key -> key.name().equals(name) && !key.owner().equals(owner))
        .anyMatch(key -> blocks(key.owner(), name, range, mode));
  }

  /** Whether an owner holds something that is in the way. */
  boolean blocks(LockOwner holder, LockName name, ByteRange range, LockMode mode) {
    @Nullable LockMode[] bytes = held.getOrDefault(new Key(name, holder), NOTHING);
    for (int at = (int) range.first(); at <= end(range); at++) {
      LockMode there = bytes[at];
      if (there != null && there.excludes(mode)) {
        return true;
      }
    }
    return false;
  }

  void set(LockName name, LockOwner owner, ByteRange range, @Nullable LockMode mode) {
    Arrays.fill(of(name, owner), (int) range.first(), end(range) + 1, mode);
  }

  /** What a session must say that it holds. */
  Map<Key, @Nullable LockMode[]> of(LockSession session) {
    Map<Key, @Nullable LockMode[]> its = new HashMap<>();
    held.forEach(
        (key, bytes) -> {
          if (key.owner().session() == session && !Arrays.equals(bytes, new LockMode[BYTES])) {
            its.put(key, bytes);
          }
        });
    return its;
  }
}
