package io.strata.btree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Readers, a writer, loads, eviction and checkpoints at the same time, under the locks that the
 * tree asks for.
 *
 * <p>Every number has an entry in two places that always have the same value, so a reader or a
 * checkpoint that sees half of a change, or a page of another time, finds out. For longer runs set
 * the system property {@code strata.btree.stress.seconds}.
 */
class LockingTest {
  private static final int NUMBERS = 3000;
  private static final TreeSizes SIZES = new TreeSizes(512, 120_000);
  private static final int SECONDS = Integer.getInteger("strata.btree.stress.seconds", 3);

  private final StoredPages pages = new StoredPages();
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final BTree tree = BTree.create(new SlowSource(pages), SIZES);
  private final AtomicBoolean stop = new AtomicBoolean();

  /** The writer's alone. */
  private final Map<Integer, byte[]> model = new HashMap<>();

  /** Lets other threads come in between. */
  private record SlowSource(StoredPages pages) implements PageSource {
    @Override
    public ByteBuffer read(PageAddress address) throws IOException {
      LockSupport.parkNanos(20_000);
      return pages.read(address);
    }

    @Override
    public List<ByteBuffer> readAhead(List<PageAddress> run) throws IOException {
      LockSupport.parkNanos(20_000);
      return pages.readAhead(run);
    }
  }

  private static byte[] here(int number) {
    return Keys.inode(number);
  }

  private static byte[] there(int number) {
    return Keys.dentry(1 + number % 7, "name-" + number);
  }

  @Test
  void everybodySeesWholeChanges() throws Exception {
    long seed = System.nanoTime();
    System.out.println("LockingTest seed = " + seed);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        Random random = new Random(seed + i);
        workers.add(threads.submit(() -> until(() -> read(random))));
      }
      Random random = new Random(seed - 1);
      workers.add(threads.submit(() -> until(() -> write(random))));
      workers.add(threads.submit(() -> until(this::checkpoint)));
      for (int i = 0; i < SECONDS * 10 && workers.stream().noneMatch(Future::isDone); i++) {
        Thread.sleep(100);
      }
      stop.set(true);
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + seed, e.getCause());
    }
    Invariants.check(tree);
    LoadingTree alone = new LoadingTree(tree);
    for (int number = 0; number < NUMBERS; number++) {
      assertThat(alone.get(here(number))).isEqualTo(model.get(number));
    }
    checkpoint();
    Invariants.check(tree);
    assertThat(tree.dirtyBytes()).isZero();
  }

  /** What a worker does again and again. */
  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private @Nullable Void until(Work work) throws IOException {
    while (!stop.get()) {
      work.run();
    }
    return null;
  }

  private void read(Random random) throws IOException {
    int number = random.nextInt(NUMBERS);
    PageMissing missing;
    do {
      missing = null;
      lock.readLock().lock();
      try {
        switch (random.nextInt(3)) {
          case 0 -> assertThat(tree.get(here(number))).isEqualTo(tree.get(there(number)));
          case 1 -> scanSame(number);
          default -> {
            Entry floor = tree.floor(here(number));
            byte[] value = tree.get(here(number));
            if (value != null) {
              assertThat(floor == null ? null : floor.value()).isEqualTo(value);
            }
          }
        }
      } catch (PageMissing e) {
        missing = e;
      } finally {
        lock.readLock().unlock();
      }
      if (missing != null) {
        missing.load();
      }
    } while (missing != null);
  }

  private void scanSame(int number) throws PageMissing {
    List<Entry> found = new ArrayList<>();
    tree.scan(
        here(number),
        here(number + 20),
        (key, value) -> {
          found.add(new Entry(key, value));
          return true;
        });
    byte[] before = here(number);
    for (Entry entry : found) {
      assertThat(Arrays.compareUnsigned(before, entry.key())).isLessThanOrEqualTo(0);
      before = entry.key();
      int at = (int) (ByteBuffer.wrap(entry.key()).getLong() & 0xffff_ffff);
      if (entry.key()[8] == 1) {
        assertThat(entry.value()).isEqualTo(tree.get(there(at)));
      }
    }
  }

  private void write(Random random) throws IOException {
    int first = random.nextInt(NUMBERS);
    int count = 1 + random.nextInt(30);
    // Now more entries come than go, now the other way round.
    boolean grow = (System.nanoTime() >> 28 & 1) == 0;
    PageMissing missing;
    do {
      missing = null;
      lock.writeLock().lock();
      try {
        for (int number = first; number < first + count; number++) {
          tree.touch(here(number % NUMBERS));
          tree.touch(there(number % NUMBERS));
        }
        for (int number = first; number < first + count; number++) {
          change(number % NUMBERS, random, grow);
        }
        tree.trim();
      } catch (PageMissing e) {
        missing = e;
      } finally {
        lock.writeLock().unlock();
      }
      if (missing != null) {
        missing.load();
      }
    } while (missing != null);
  }

  private void change(int number, Random random, boolean grow) {
    byte[] value = random.nextInt(4) > 0 == grow ? new byte[random.nextInt(40)] : null;
    byte @Nullable [] before = model.get(number);
    try {
      if (value == null) {
        model.remove(number);
        assertThat(tree.delete(here(number))).isEqualTo(before);
        assertThat(tree.delete(there(number))).isEqualTo(before);
      } else {
        random.nextBytes(value);
        model.put(number, value);
        assertThat(tree.put(here(number), value)).isEqualTo(before);
        assertThat(tree.put(there(number), value)).isEqualTo(before);
      }
    } catch (PageMissing e) {
      throw new AssertionError("a touched key missed a page", e);
    }
  }

  private void checkpoint() throws IOException {
    FrozenTree frozen;
    lock.writeLock().lock();
    try {
      frozen = tree.freeze();
    } finally {
      lock.writeLock().unlock();
    }
    PageAddress root = frozen.write(pages);
    StoredTree stored = new StoredTree(pages, root);
    lock.writeLock().lock();
    try {
      frozen.commit();
    } finally {
      lock.writeLock().unlock();
    }
    frozen.close();
    int entries = 0;
    for (int number = 0; number < NUMBERS; number++) {
      byte[] value = stored.entries().get(here(number));
      assertThat(stored.entries().get(there(number))).isEqualTo(value);
      entries += value == null ? 0 : 2;
    }
    assertThat(stored.entries()).hasSize(entries);
    frozen.superseded().forEach(pages::forget);
    assertThat(pages.addresses()).isEqualTo(stored.pages());
  }
}
