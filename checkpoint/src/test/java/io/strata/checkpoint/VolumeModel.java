package io.strata.checkpoint;

import static io.strata.checkpoint.format.Samples.VOLUME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.checkpoint.format.StoredHead;
import io.strata.replay.format.LogPosition;
import io.strata.store.Body;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectName;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a volume's store must hold, known from outside: which objects each committed head reaches,
 * which log objects each needs, and where logs ended.
 */
final class VolumeModel implements Garbage.Witness {
  final MemStore memory = new MemStore();
  private final Map<Long, Set<ObjectKey>> reached = new TreeMap<>();
  private final Map<Long, Set<ObjectKey>> needed = new HashMap<>();
  private final Set<ObjectKey> fences = new HashSet<>();
  private final Set<ObjectKey> forEver = new HashSet<>();
  private final Set<ObjectKey> everBorn = new HashSet<>();

  /** A segment or pack with some content. */
  ObjectKey bear(Nonce nonce, boolean pack) {
    ObjectKey key = pack ? ObjectNames.pack(nonce) : ObjectNames.segment(nonce);
    memory.put(key, "object".getBytes(UTF_8));
    everBorn.add(key);
    return key;
  }

  /** An object that must never go. */
  void keepForEver(ObjectKey key) {
    forEver.add(key);
  }

  /** Segments and packs that are there and not among those that are known. */
  List<Stray> strays(Set<ObjectKey> known) {
    List<Stray> strays = new ArrayList<>();
    for (ObjectKey key : memory.keys()) {
      if (!known.contains(key)) {
        switch (ObjectName.of(key)) {
          case ObjectName.Segment(Nonce nonce) -> strays.add(Stray.segment(nonce, 6));
          case ObjectName.Pack(Nonce nonce) -> strays.add(Stray.pack(nonce, 6));
          case ObjectName other -> {}
        }
      }
    }
    return strays;
  }

  @Override
  public Set<Stray> referredTo(long head, Collection<Stray> strays) {
    Set<ObjectKey> live = reached.getOrDefault(head, Set.of());
    Set<Stray> referred = new HashSet<>(strays);
    referred.removeIf(stray -> !live.contains(stray.key()));
    return referred;
  }

  @Override
  public boolean isForEver(Stray segment) {
    return forEver.contains(segment.key());
  }

  void log(LogPosition position) {
    memory.put(position.key(), "entry".getBytes(UTF_8));
  }

  void fence(LogPosition position) {
    memory.put(position.key(), "fence".getBytes(UTF_8));
    fences.add(position.key());
  }

  /** Notes what a head that has just been committed reaches and needs. */
  void committed(Head head, Set<ObjectKey> live) {
    reached.put(head.number(), Set.copyOf(live));
    Set<ObjectKey> logs = new HashSet<>();
    for (ObjectKey key : memory.keys()) {
      if (key.value().startsWith(ObjectNames.LOGS) && key.compareTo(head.firstLog().key()) >= 0) {
        logs.add(key);
      }
    }
    needed.put(head.number(), logs);
  }

  /** Nothing that anybody may still want is gone. */
  void assertNothingLost(Head newest, int recentMax) throws StoreException {
    for (long number : newest.kept()) {
      assertThat(ObjectNames.head(number)).isIn(memory.keys());
      assertThat(memory.keys())
          .describedAs("what head %d reaches", number)
          .containsAll(reached.getOrDefault(number, Set.of()));
    }
    int from = Math.max(0, newest.retained().size() - (recentMax - 1));
    for (RetainedCheckpoint recent : newest.retained().subList(from, newest.retained().size())) {
      assertLogs(recent.number());
    }
    assertLogs(newest.number());
    assertThat(memory.keys()).containsAll(fences).containsAll(forEver);
    Heads heads = new Heads(memory, new OncePut(memory, SimulatedOwner.PLATFORM), VOLUME);
    assertThat(heads.newest()).contains(StoredHead.of(newest));
  }

  private void assertLogs(long number) {
    assertThat(memory.keys())
        .describedAs("the log that head %d needs", number)
        .containsAll(needed.getOrDefault(number, Set.of()));
  }

  /** Nothing is left that nobody wants, except what a fenced owner may have put since. */
  void assertNothingLeaked(Head newest, LogPosition firstLogKept, Set<ObjectKey> live) {
    Set<ObjectKey> wanted = new HashSet<>(live);
    for (long number : newest.kept()) {
      wanted.add(ObjectNames.head(number));
      wanted.addAll(reached.getOrDefault(number, Set.of()));
    }
    for (ObjectKey key : memory.keys()) {
      String name = key.value();
      if (name.startsWith(ObjectNames.HEADS) || everBorn.contains(key)) {
        if (!forEver.contains(key)) {
          assertThat(wanted).describedAs("leaked").contains(key);
        }
      } else if (name.startsWith(ObjectNames.LOGS) && !fences.contains(key)) {
        assertThat(key).describedAs("leaked").isGreaterThanOrEqualTo(firstLogKept.key());
      }
    }
  }

  /** Whether an owner that wakes up still runs into the end of its log. */
  boolean isFenced(LogPosition next) throws StoreException {
    OncePut once = new OncePut(memory, SimulatedOwner.PLATFORM);
    return once.put(next.key(), Body.of("late entry".getBytes(UTF_8))) == OncePut.Outcome.TAKEN;
  }
}
