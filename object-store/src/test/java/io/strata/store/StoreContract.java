package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do. A store's own test class extends this one. */
public abstract class StoreContract {
  private static final ObjectKey KEY = new ObjectKey("some/object");
  private static final int RACERS = 20;
  private static final int MIB = 1 << 20;

  private ObjectStore store;

  /** An empty store; called before each test. What it holds at the end is deleted. */
  protected abstract ObjectStore open() throws Exception;

  @BeforeEach
  final void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  final void closeStore() throws StoreException {
    if (store != null) {
      store.delete(keysOf(all("", ListPage.KEYS_MAX)));
      store.close();
    }
  }

  @Test
  void absentObjectIsMissing() throws StoreException {
    assertThatThrownBy(() -> store.get(KEY, ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class)
        .hasMessageContaining(KEY.value())
        .hasMessageContaining(store.location());
    assertThatThrownBy(() -> store.get(KEY, new ByteRange.Suffix(5)))
        .isInstanceOf(StoreException.Missing.class);
    assertThat(store.head(KEY)).isEmpty();
    assertThat(store.list("", "", 10)).isEqualTo(new ListPage(List.of(), false));
  }

  @Test
  void whatWasPutIsRead() throws StoreException {
    put(KEY, "content");

    assertThat(text(KEY)).isEqualTo("content");
    assertThat(store.head(KEY)).contains(7L);
    assertThat(store.list("", "", 10).entries()).containsExactly(new ListPage.Entry(KEY, 7));
  }

  @Test
  void anotherPlaceOfTheBucketHoldsOtherObjects() throws StoreException {
    ObjectStore there = store.elsewhere(new Place("../neighbour-of-" + System.nanoTime()));
    put(KEY, "here");
    assertThat(there.head(KEY)).isEmpty();
    assertThat(there.location()).isNotEqualTo(store.location());
    there.put(KEY, Body.of("there".getBytes(StandardCharsets.UTF_8)), Condition.ABSENT);
    assertThat(text(KEY)).isEqualTo("here");
    assertThat(there.get(KEY, ByteRange.ALL).remaining()).isEqualTo(5);
    there.delete(List.of(KEY));
    assertThat(there.list("", "", 10).entries()).isEmpty();
    assertThat(text(KEY)).isEqualTo("here");
  }

  @Test
  void emptyObjectIsAnObject() throws StoreException {
    put(KEY, "");

    assertThat(store.get(KEY, ByteRange.ALL).remaining()).isZero();
    assertThat(store.get(KEY, new ByteRange.Suffix(5)).remaining()).isZero();
    assertThat(store.get(KEY, new ByteRange.Slice(0, 5)).remaining()).isZero();
    assertThat(store.head(KEY)).contains(0L);
    assertThatThrownBy(() -> store.put(KEY, Body.of(new byte[1]), Condition.ABSENT))
        .isInstanceOf(StoreException.Exists.class);
  }

  @Test
  void bigObjectInManyPieces() throws StoreException {
    byte[] bytes = random(20 * MIB + 13, 1);
    List<ByteBuffer> pieces = new ArrayList<>();
    Random cuts = new Random(2);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, cuts.nextInt(100_000));
      ByteBuffer piece = ByteBuffer.wrap(bytes, at, length);
      // Off-heap pieces are as good as any.
      pieces.add(cuts.nextBoolean() ? piece : ByteBuffer.allocateDirect(length).put(piece).flip());
      at += length;
    }

    store.put(KEY, Body.of(pieces), Condition.ABSENT);

    assertThat(bytes(store.get(KEY, ByteRange.ALL))).isEqualTo(bytes);
    assertThat(received(KEY, ByteRange.ALL)).isEqualTo(bytes);
    assertThat(received(KEY, new ByteRange.Slice(10 * MIB - 1, MIB)))
        .isEqualTo(Arrays.copyOfRange(bytes, 10 * MIB - 1, 11 * MIB - 1));
    assertThat(bytes(store.get(KEY, new ByteRange.Slice(10 * MIB - 1, MIB))))
        .isEqualTo(Arrays.copyOfRange(bytes, 10 * MIB - 1, 11 * MIB - 1));
  }

  @Test
  void rangesAreCutToTheObject() throws StoreException {
    put(KEY, "0123456789");

    assertThat(text(KEY, new ByteRange.Slice(0, 1))).isEqualTo("0");
    assertThat(text(KEY, new ByteRange.Slice(3, 4))).isEqualTo("3456");
    assertThat(text(KEY, new ByteRange.Slice(9, 1))).isEqualTo("9");
    assertThat(text(KEY, new ByteRange.Slice(8, 100))).isEqualTo("89");
    assertThat(text(KEY, new ByteRange.Slice(0, Long.MAX_VALUE))).isEqualTo("0123456789");
    assertThat(text(KEY, new ByteRange.Slice(10, 1))).isEmpty();
    assertThat(text(KEY, new ByteRange.Slice(Long.MAX_VALUE - 1, 1))).isEmpty();
    assertThat(text(KEY, new ByteRange.Suffix(3))).isEqualTo("789");
    assertThat(text(KEY, new ByteRange.Suffix(10))).isEqualTo("0123456789");
    assertThat(text(KEY, new ByteRange.Suffix(Long.MAX_VALUE))).isEqualTo("0123456789");
  }

  @Test
  void bufferReadIsTheCallersOwn() throws StoreException {
    put(KEY, "content");

    ByteBuffer mine = store.get(KEY, ByteRange.ALL);
    if (!mine.isReadOnly()) {
      mine.put(0, (byte) 'X');
    }

    assertThat(text(KEY)).isEqualTo("content");
  }

  @Test
  void bytesPutAreTheStoresOwn() throws StoreException {
    byte[] bytes = "content".getBytes(StandardCharsets.US_ASCII);
    store.put(KEY, Body.of(bytes), Condition.NONE);

    bytes[0] = 'X';

    assertThat(text(KEY)).isEqualTo("content");
  }

  @Test
  void putReplaces() throws StoreException {
    put(KEY, "first, and longer");
    store.put(KEY, body("second"), Condition.NONE);

    assertThat(text(KEY)).isEqualTo("second");
    assertThat(store.head(KEY)).contains(6L);
  }

  @Test
  void conditionalPutDoesNotReplace() throws StoreException {
    store.put(KEY, body("first"), Condition.ABSENT);

    assertThatThrownBy(() -> store.put(KEY, body("second"), Condition.ABSENT))
        .isInstanceOf(StoreException.Exists.class)
        .hasMessageContaining(KEY.value());
    assertThat(text(KEY)).isEqualTo("first");
    assertThat(ConditionalPut.honoured(store, KEY, body("first"))).isTrue();
  }

  @Test
  void nameIsFreeAgainAfterDelete() throws StoreException {
    store.put(KEY, body("first"), Condition.ABSENT);
    store.delete(List.of(KEY));
    store.put(KEY, body("second"), Condition.ABSENT);

    assertThat(text(KEY)).isEqualTo("second");
  }

  @Test
  void oneOfManyRacersWins() throws Exception {
    for (int round = 0; round < 10; round++) {
      ObjectKey key = new ObjectKey("race/" + round);
      CountDownLatch start = new CountDownLatch(1);
      List<Callable<Boolean>> racers = new ArrayList<>();
      for (int racer = 0; racer < RACERS; racer++) {
        Body body = Body.of(random(10_000, racer));
        racers.add(
            () -> {
              start.await();
              try {
                store.put(key, body, Condition.ABSENT);
                return true;
              } catch (StoreException.Exists lost) {
                return false;
              }
            });
      }

      List<Boolean> won = concurrently(racers, start);

      assertThat(Collections.frequency(won, true)).as("winners").isEqualTo(1);
      assertThat(bytes(store.get(key, ByteRange.ALL))).isEqualTo(random(10_000, won.indexOf(true)));
    }
  }

  @Test
  void readersSeeWholeObjectsOnly() throws Exception {
    byte[][] versions = new byte[8][];
    for (int version = 0; version < versions.length; version++) {
      versions[version] = new byte[MIB / 4 + version * 1000];
      Arrays.fill(versions[version], (byte) version);
    }
    store.put(KEY, Body.of(versions[0]), Condition.NONE);
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    tasks.add(
        () -> {
          start.await();
          for (int round = 0; round < 40; round++) {
            store.put(KEY, Body.of(versions[round % versions.length]), Condition.NONE);
          }
          return true;
        });
    for (int reader = 0; reader < 3; reader++) {
      tasks.add(
          () -> {
            start.await();
            for (int round = 0; round < 40; round++) {
              byte[] seen = bytes(store.get(KEY, ByteRange.ALL));
              assertThat(Arrays.equals(seen, versions[seen[0]])).as("a whole version").isTrue();
            }
            return true;
          });
    }

    assertThat(concurrently(tasks, start)).doesNotContain(false);
  }

  @Test
  void whatManyPutIsSeenAtOnce() throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Callable<Boolean>> tasks = new ArrayList<>();
    for (int writer = 0; writer < RACERS; writer++) {
      String folder = "many/" + writer % 3 + "/";
      int number = writer;
      tasks.add(
          () -> {
            start.await();
            for (int i = 0; i < 10; i++) {
              ObjectKey key = new ObjectKey(folder + number + "-" + i);
              store.put(key, body("x"), Condition.ABSENT);
              assertThat(store.head(key)).contains(1L);
              assertThat(keysOf(all(folder, 50))).contains(key);
            }
            return true;
          });
    }

    concurrently(tasks, start);

    assertThat(all("many/", 13)).hasSize(RACERS * 10);
  }

  @Test
  void deletesManyAndDoesNotMindTheAbsent() throws StoreException {
    List<ObjectKey> keys =
        IntStream.range(0, 30).mapToObj(i -> new ObjectKey("d/" + i % 4 + "/" + i)).toList();
    for (ObjectKey key : keys) {
      put(key, "x");
    }
    List<ObjectKey> doomed = new ArrayList<>(keys.subList(0, 29));
    doomed.add(new ObjectKey("d/1/absent"));
    doomed.add(new ObjectKey("absent/folder/object"));

    store.delete(doomed);
    store.delete(doomed);
    store.delete(List.of());

    assertThat(keysOf(all("", 1000))).containsExactly(keys.get(29));
  }

  // No key here is another's folder (a and a/b): some stores take that, others need not.
  @Test
  void listsInOrderOfBytes() throws StoreException {
    // '-' and '.' come before '/', digits and letters after it.
    List<String> ordered =
        List.of(
            "-",
            "A",
            "Z/z",
            "a-",
            "a--/x",
            "a-b",
            "a.",
            "a.b/c",
            "a/-",
            "a/b",
            "a/b-/c",
            "a/b0",
            "a0",
            "a_",
            "aa",
            "aa.../x",
            "b/c/d/e/f",
            "b0",
            "z");
    List<String> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(3));
    for (String key : shuffled) {
      put(new ObjectKey(key), key);
    }

    for (int keysMax : new int[] {1, 2, 3, 7, 1000}) {
      assertThat(all("", keysMax))
          .as("in pages of %d", keysMax)
          .extracting(entry -> entry.key().value())
          .isEqualTo(ordered);
    }
    assertThat(all("", 5)).allMatch(entry -> entry.length() == entry.key().value().length());
    for (String prefix :
        List.of("a", "a/", "a/b", "a-", "a--", "aa...", "b/c/", "b/c/d/e/f", "c", "A/")) {
      assertThat(all(prefix, 2))
          .as("prefix %s", prefix)
          .extracting(entry -> entry.key().value())
          .isEqualTo(ordered.stream().filter(key -> key.startsWith(prefix)).toList());
    }
  }

  @Test
  void listsFromAnywhere() throws StoreException {
    List<String> keys = List.of("a/1", "a/2", "a/2/3", "b", "b-", "c/1/2", "c/1/3");
    List<String> present = keys.stream().filter(key -> !key.equals("a/2")).toList();
    for (String key : present) {
      put(new ObjectKey(key), "x");
    }

    for (String after : List.of("", "a", "a/", "a/1", "a/2", "a/2/3", "a/3", "b", "b/", "c/1/2")) {
      assertThat(store.list("", after, 100).entries())
          .as("after %s", after)
          .extracting(entry -> entry.key().value())
          .isEqualTo(present.stream().filter(key -> key.compareTo(after) > 0).toList());
    }
    assertThat(store.list("b", "a/1", 100).entries())
        .extracting(entry -> entry.key().value())
        .containsExactly("b", "b-");
    assertThat(store.list("b", "c", 100).entries()).isEmpty();
  }

  @Test
  void pageThatHoldsTheRestSaysSo() throws StoreException {
    for (String key : List.of("p/1", "p/2", "p/3", "q")) {
      put(new ObjectKey(key), "x");
    }

    assertThat(store.list("p/", "", 2).more()).isTrue();
    assertThat(store.list("p/", "", 4).more()).isFalse();
    assertThat(store.list("p/", "p/2", 1000).more()).isFalse();
    assertThatThrownBy(() -> store.list("", "", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> store.list("", "", ListPage.KEYS_MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oddKeysAreKeys() throws StoreException {
    List<String> odd =
        List.of(
            "...",
            ".hidden",
            "-rf",
            "--",
            "_",
            "a..b",
            "CON",
            "x/.tmp",
            "tmp/x",
            ".tmp/x",
            "UPPER",
            "upper",
            "n".repeat(255),
            ("p".repeat(99) + "/").repeat(5) + "end");
    for (String key : odd) {
      put(new ObjectKey(key), key);
    }

    for (String key : odd) {
      assertThat(text(new ObjectKey(key))).isEqualTo(key);
    }
    assertThat(all("", 3))
        .extracting(entry -> entry.key().value())
        .containsExactlyInAnyOrderElementsOf(odd);
  }

  private void put(ObjectKey key, String text) throws StoreException {
    store.put(key, body(text), Condition.ABSENT);
  }

  private String text(ObjectKey key) throws StoreException {
    return text(key, ByteRange.ALL);
  }

  private String text(ObjectKey key, ByteRange range) throws StoreException {
    byte[] together = bytes(store.get(key, range));
    assertThat(received(key, range)).as("as they come").isEqualTo(together);
    return new String(together, StandardCharsets.US_ASCII);
  }

  /** What a receiver is handed in the last of all attempts. */
  private byte[] received(ObjectKey key, ByteRange range) throws StoreException {
    List<ByteBuffer> answers = new ArrayList<>();
    store.get(
        key,
        range,
        length -> {
          ByteBuffer answer = ByteBuffer.allocate(length);
          answers.add(answer);
          return answer::put;
        });
    assertThat(answers.getLast().hasRemaining()).as("all has come").isFalse();
    return answers.getLast().array();
  }

  private List<ListPage.Entry> all(String prefix, int keysMax) throws StoreException {
    List<ListPage.Entry> entries = new ArrayList<>();
    String after = "";
    ListPage page;
    do {
      page = store.list(prefix, after, keysMax);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(keysMax);
      entries.addAll(page.entries());
      after = entries.isEmpty() ? "" : entries.getLast().key().value();
      assertThat(page.more() && page.entries().isEmpty()).as("an empty page ends").isFalse();
    } while (page.more());
    return entries;
  }

  private static List<ObjectKey> keysOf(List<ListPage.Entry> entries) {
    return entries.stream().map(ListPage.Entry::key).toList();
  }

  private static Body body(String text) {
    return Body.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] random(int length, int seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static <T> List<T> concurrently(List<Callable<T>> tasks, CountDownLatch start)
      throws InterruptedException, ExecutionException {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = tasks.stream().map(threads::submit).toList();
      start.countDown();
      for (Future<T> task : running) {
        results.add(task.get());
      }
    }
    return results;
  }
}
