package io.strata.fs.continuity;

import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * What crashes have lost of what was acknowledged and not yet durable, and who has been told. Safe
 * for any thread.
 */
final class Losses {
  /** The last epoch in which each inode lost something. */
  private final Map<Long, Integer> inodes = new ConcurrentHashMap<>();

  private final Map<Long, Telling> tellings = new ConcurrentHashMap<>();

  /** The last epoch in which each inode's loss was told to anyone. */
  private final Map<Long, Integer> inodesTold = new ConcurrentHashMap<>();


  /** Epochs in which any inode may have lost something. */
  private final NavigableSet<Integer> anything = new ConcurrentSkipListSet<>();

  private volatile int knownThrough;

  /** An inode has lost something in an epoch. */
  void lose(long ino, int epoch) {
    inodes.merge(ino, epoch, Math::max);
  }

  /** Any inode may have lost something in an epoch. */
  void loseAnything(int epoch) {
    anything.add(epoch);
  }

  /** The losses of all epochs up to this one are here. */
  synchronized void knownThrough(int epoch) {
    knownThrough = Math.max(knownThrough, epoch);
  }

  /**
   * A handle has been told of its inode's losses.
   *
   * @param epoch when: of those in any epoch before
   */
  record Telling(int epoch, long ino, long handle) {}

  /** A handle is told of its inode's losses. */
  void tell(Telling telling) {
    tellings.put(telling.handle(), telling);
    inodesTold.merge(telling.ino(), telling.epoch(), Math::max);
  }

  Map<Long, Integer> inodes() {
    return inodes;
  }

  Collection<Telling> tellings() {
    return tellings.values();
  }

  Set<Integer> anything() {
    return anything;
  }

  /** The last epoch up to {@code epoch} in which any inode may have lost something, or 0. */
  int lastOfAnything(int epoch) {
    Integer last = anything.floor(epoch);
    return last == null ? 0 : last;
  }

  int knownThrough() {
    return knownThrough;
  }

  /** The last epoch in which something was certainly lost; 0 if there is none. */
  int lastCertain() {
    int last = 0;
    for (int epoch : inodes.values()) {
      last = Math.max(last, epoch);
    }
    return last;
  }

  /** The epoch in which a handle was told of all losses before; 0 if it was not. */
  int told(long handle) {
    Telling telling = tellings.get(handle);
    return telling == null ? 0 : telling.epoch();
  }

  /** The last epoch in which an inode has certainly lost something; 0 if there is none. */
  int lostIn(long ino) {
    return inodes.getOrDefault(ino, 0);
  }

  /** The last epoch in which anyone was told of an inode's losses before it; 0 if nobody was. */
  int toldOf(long ino) {
    return inodesTold.getOrDefault(ino, 0);
  }

  /** Nobody is left who could be told. */
  void clear() {
    inodes.clear();
    tellings.clear();
    inodesTold.clear();
    anything.clear();
  }
}
