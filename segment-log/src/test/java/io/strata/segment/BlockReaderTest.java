package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.Backoff;
import io.strata.store.ByteRange;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import io.strata.store.retry.RetryStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockReaderTest {
  private static final int BLOCK = 64 << 10;
  private static final int LENGTH = 10 * BLOCK + 1234;

  private final byte[] bytes = Bytes.text(5, LENGTH);
  private final MemStore memory = new MemStore();
  private final GatedStore store = new GatedStore(memory);
  private final BlockReader reader = reader(TestLog.SMALL);
  private SegmentIndex index = writeSegment();

  private SegmentIndex writeSegment() {
    try (TestLog test = new TestLog(memory)) {
      test.append(bytes);
      return test.flush().getFirst();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void hasEleven() {
    assertThat(index.blockCount()).isEqualTo(11);
  }

  private BlockReader reader(SegmentSizes sizes) {
    return new BlockReader(store, new BlockCache(sizes, TestLog.PLATFORM.clock()), sizes, TestLog.PLATFORM);
  }

  @Test
  void aColdReadIsOneGet() throws Exception {
    assertThat(read(3 * BLOCK + 17, 4096)).isEqualTo(expected(3 * BLOCK + 17, 4096));
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
    assertThat(read(3 * BLOCK, BLOCK)).isEqualTo(expected(3 * BLOCK, BLOCK));
    assertThat(store.requests(Verb.GET)).as("the block is cached").isEqualTo(1);
  }

  @Test
  void theWholeSegmentIsOneGet() throws Exception {
    assertThat(read(0, LENGTH)).isEqualTo(bytes);
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
    assertThat(reader.stats().getBytes()).isEqualTo(index.storedBytes());
  }

  @Test
  void eachRunOfMissingBlocksIsOneGet() throws Exception {
    read(4 * BLOCK, 1);
    read(5 * BLOCK, 1);
    assertThat(store.requests(Verb.GET)).isEqualTo(2);
    assertThat(read(BLOCK + 1, 8 * BLOCK)).isEqualTo(expected(BLOCK + 1, 8 * BLOCK));
    assertThat(store.requests(Verb.GET)).as("blocks 1 to 3, blocks 6 to 9").isEqualTo(4);
  }

  @Test
  void readersOfTheSameBlockShareOneGet() throws Exception {
    store.hold(Verb.GET);
    List<FutureTask<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int at = 2 * BLOCK + i;
      readers.add(start(() -> read(at, 100)));
    }
    FutureTask<byte[]> wider = start(() -> read(BLOCK, 3 * BLOCK));
    Thread.sleep(50);
    store.open(Verb.GET);
    for (int i = 0; i < 20; i++) {
      assertThat(readers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(expected(2 * BLOCK + i, 100));
    }
    assertThat(wider.get(20, TimeUnit.SECONDS)).isEqualTo(expected(BLOCK, 3 * BLOCK));
    assertThat(store.requests(Verb.GET)).as("block 2 once, and what is left of 1 to 3").isBetween(1, 3);
    assertThat(reader.stats().getBytes()).isEqualTo(index.storedOffset(4) - index.storedOffset(1));
  }

  @Test
  void anInterruptedReaderTakesNothingFromOthers() throws Exception {
    store.hold(Verb.GET);
    FutureTask<byte[]> first = new FutureTask<>(() -> read(0, 100));
    Thread thread = Thread.ofVirtual().start(first);
    Eventually.holds("the get is under way", () -> store.requests(Verb.GET) == 1);
    FutureTask<byte[]> second = start(() -> read(50, 100));
    thread.interrupt();
    assertThatThrownBy(() -> first.get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InterruptedException.class);
    store.open(Verb.GET);
    assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(expected(50, 100));
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
  }

  @Test
  void readCachedDoesNoRequestAndIsAllOrNothing() throws Exception {
    byte[] target = new byte[2 * BLOCK];
    assertThat(reader.readCached(index, 0, Bytes.segment(target))).isFalse();
    read(0, BLOCK);
    assertThat(reader.readCached(index, 0, Bytes.segment(target))).isFalse();
    assertThat(target).as("untouched").containsOnly(0);
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
    read(BLOCK, 1);
    assertThat(reader.readCached(index, 0, Bytes.segment(target))).isTrue();
    assertThat(target).isEqualTo(expected(0, 2 * BLOCK));
  }

  @Test
  void prefetchIsOneGetAndReadsFindItsBlocks() throws Exception {
    reader.prefetch(index, 2, 6);
    Eventually.holds("it came", () -> reader.stats().gets() == 1);
    Eventually.holds(
        "it is decoded",
        () -> reader.readCached(index, 2 * BLOCK, Bytes.segment(new byte[5 * BLOCK])));
    assertThat(read(2 * BLOCK, 5 * BLOCK)).isEqualTo(expected(2 * BLOCK, 5 * BLOCK));
    reader.prefetch(index, 2, 6);
    Thread.sleep(10);
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
  }

  /** As files are that were written together and are read one after the other. */
  @Test
  void missesInARowAreAnsweredWithWhatLiesBehindThem() throws Exception {
    for (int k = 0; k < 3; k++) {
      read((long) k * BLOCK, 100);
    }
    Eventually.holds(
        "the next four have come",
        () -> reader.readCached(index, 3 * BLOCK, Bytes.segment(new byte[4 * BLOCK])));
    assertThat(store.requests(Verb.GET)).isEqualTo(4);
    read(7 * BLOCK, 100);
    Eventually.holds(
        "the rest has come",
        () -> reader.readCached(index, 8 * BLOCK, Bytes.segment(new byte[LENGTH - 8 * BLOCK])));
    assertThat(store.requests(Verb.GET)).isEqualTo(6);
  }

  @Test
  void missesHereAndThereAreAnsweredAlone() throws Exception {
    for (int k : new int[] {0, 4, 8, 1, 5, 9, 2}) {
      read((long) k * BLOCK, 100);
    }
    assertThat(store.requests(Verb.GET)).isEqualTo(7);
  }

  @Test
  void aReadWaitsForAPrefetchInsteadOfGettingAgain() throws Exception {
    store.hold(Verb.GET);
    long room = reader.prefetchRoom();
    reader.prefetch(index, 0, 3);
    assertThat(reader.prefetchRoom()).isEqualTo(room - 4 * BLOCK);
    FutureTask<byte[]> read = start(() -> read(BLOCK, BLOCK));
    Thread.sleep(20);
    store.open(Verb.GET);
    assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(expected(BLOCK, BLOCK));
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
    Eventually.holds(
        "the others have come",
        () -> reader.readCached(index, 0, Bytes.segment(new byte[4 * BLOCK])));
    Eventually.holds("nothing waits to be read", () -> reader.prefetchRoom() == room);
  }

  /** The cache proper keeps no new block here, as it may do with those of a long read. */
  @Test
  void whatHasComeIsNotGotAgainBecauseARestIsMissing() throws Exception {
    BlockReader lookedAtInVain = reader(TestLog.SMALL.withCacheBytesMax(0, 8 * BLOCK));
    long room = lookedAtInVain.prefetchRoom();
    lookedAtInVain.prefetch(index, 0, 3);
    Eventually.holds(
        "four have come",
        () -> lookedAtInVain.peekCached(index, 0, Bytes.segment(new byte[4 * BLOCK])));
    byte[] target = new byte[6 * BLOCK];
    assertThat(lookedAtInVain.readCached(index, 0, Bytes.segment(target))).isFalse();
    lookedAtInVain.read(index, 0, Bytes.segment(target));
    assertThat(target).isEqualTo(expected(0, 6 * BLOCK));
    assertThat(lookedAtInVain.stats().getBytes())
        .as("each once")
        .isEqualTo(index.storedOffset(6) - index.storedOffset(0));
    assertThat(lookedAtInVain.prefetchRoom()).as("nothing waits to be read").isEqualTo(room);
  }

  @Test
  void prefetchedBytesAreBounded() throws Exception {
    BlockReader tight = reader(TestLog.SMALL.withCacheBytesMax(1 << 20, 3 * BLOCK));
    store.hold(Verb.GET);
    tight.prefetch(index, 0, 10);
    tight.prefetch(index, 0, 10);
    store.open(Verb.GET);
    Eventually.holds("it came", () -> tight.stats().gets() == 1);
    assertThat(tight.stats().getBytes())
        .as("three blocks")
        .isEqualTo(index.storedOffset(3) - index.storedOffset(0));
    Eventually.holds(
        "they are decoded", () -> tight.readCached(index, 0, Bytes.segment(new byte[3 * BLOCK])));
    tight.prefetch(index, 3, 5);
    Eventually.holds("the next three are got", () -> tight.stats().gets() == 2);
  }

  @Test
  void theCacheIsBounded() throws Exception {
    BlockReader small = reader(TestLog.SMALL.withCacheBytesMax(3 * BLOCK, 2 * BLOCK));
    byte[] target = new byte[LENGTH];
    for (int i = 0; i < 5; i++) {
      small.read(index, 0, Bytes.segment(target));
      small.prefetch(index, 0, 10);
      assertThat(small.stats().cacheBytes()).isLessThanOrEqualTo(5 * BLOCK);
    }
    assertThat(target).isEqualTo(bytes);
  }

  @Test
  void withoutAnyCacheReadsWorkStill() throws Exception {
    BlockReader none = reader(TestLog.SMALL.withCacheBytesMax(0, 0));
    none.prefetch(index, 0, 10);
    byte[] target = new byte[LENGTH];
    none.read(index, 0, Bytes.segment(target));
    assertThat(target).isEqualTo(bytes);
  }

  @Test
  void everyDamagedBlockIsFoundAndNamed() throws Exception {
    ObjectKey key = ObjectNames.segment(index.nonce());
    byte[] whole = memory.get(key, ByteRange.ALL).array();
    for (int k = 0; k < index.blockCount(); k++) {
      byte[] damaged = whole.clone();
      damaged[(int) index.storedOffset(k) + (k * 7919) % index.storedLength(k)] ^= 0x10;
      memory.put(key, damaged);
      BlockReader fresh = reader(TestLog.SMALL);
      byte[] target = new byte[LENGTH];
      assertThatThrownBy(() -> fresh.read(index, 0, Bytes.segment(target)))
          .isInstanceOf(StoreException.Corrupt.class)
          .hasMessageContaining(key.value())
          .hasMessageContaining("block " + k + " at " + index.storedOffset(k));
      // The others are whole and can be read.
      for (int other = 0; other < index.blockCount(); other++) {
        if (other != k) {
          byte[] one = new byte[index.rawLength(other)];
          fresh.read(index, (long) other * BLOCK, Bytes.segment(one));
          assertThat(one).isEqualTo(expected(other * BLOCK, one.length));
        }
      }
    }
  }

  @Test
  void aDamagedBlockIsReadAgainOnceItIsMended() throws Exception {
    ObjectKey key = ObjectNames.segment(index.nonce());
    byte[] whole = memory.get(key, ByteRange.ALL).array();
    byte[] damaged = whole.clone();
    damaged[index.firstBlockOffset()]++;
    memory.put(key, damaged);
    assertThatThrownBy(() -> read(0, 1)).isInstanceOf(StoreException.Corrupt.class);
    memory.put(key, whole);
    assertThat(read(0, BLOCK)).isEqualTo(expected(0, BLOCK));
  }

  /** Of the attempt that is given up the bytes may have come, and be used already. */
  @Test
  void aGetThatIsSentAgainBringsEachBlockOnce() throws Exception {
    ObjectStore flaky =
        new RetryStore(
            new FaultStore(memory, FaultPlan.at(1, Fault.FAIL_AFTER)),
            TestLog.PLATFORM,
            Backoff.FOREVER);
    BlockReader again =
        new BlockReader(
            flaky,
            new BlockCache(TestLog.SMALL, TestLog.PLATFORM.clock()),
            TestLog.SMALL,
            TestLog.PLATFORM);
    long room = again.prefetchRoom();
    again.prefetch(index, 0, 2);
    byte[] target = new byte[3 * BLOCK];
    again.read(index, 0, Bytes.segment(target));
    assertThat(target).isEqualTo(expected(0, 3 * BLOCK));
    Eventually.holds("both answers have come", () -> again.stats().gets() == 2);
    Eventually.holds("nothing is kept twice", () -> again.prefetchRoom() == room);
  }

  @Test
  void anObjectThatEndsEarlyIsCorrupt() throws Exception {
    ObjectKey key = ObjectNames.segment(index.nonce());
    byte[] whole = memory.get(key, ByteRange.ALL).array();
    memory.put(key, Arrays.copyOf(whole, (int) index.storedOffset(4) + 100));
    assertThat(read(0, 4 * BLOCK)).isEqualTo(expected(0, 4 * BLOCK));
    assertThatThrownBy(() -> read(4 * BLOCK, 1))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining("block 4")
        .hasMessageContaining("only 100 bytes");
    assertThatThrownBy(() -> read(9 * BLOCK, 1))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining("only 0 bytes");
  }

  @Test
  void aMissingSegmentIsMissing() throws Exception {
    memory.delete(List.of(ObjectNames.segment(index.nonce())));
    assertThatThrownBy(() -> read(0, 1)).isInstanceOf(StoreException.Missing.class);
    assertThatThrownBy(() -> BlockReader.readIndex(store, TestLog.VOLUME, index.nonce()))
        .isInstanceOf(StoreException.Missing.class);
  }

  @Test
  void readingBehindTheEndIsAnError() {
    assertThatThrownBy(() -> read(LENGTH - 10, 11)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> reader.prefetch(index, 0, 11))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anIndexIsOneGet() throws Exception {
    assertThat(BlockReader.readIndex(store, TestLog.VOLUME, index.nonce())).isEqualTo(index);
    assertThat(store.requests(Verb.GET)).isEqualTo(1);
  }

  @Test
  void anIndexWithALongSummaryIsTwoGets() throws Exception {
    SegmentIndex long1 = writeLongSummary();
    var footer = BlockReader.readFooter(store, TestLog.VOLUME, long1.nonce());
    assertThat(footer.index()).isEqualTo(long1);
    assertThat(footer.summary()).hasSize(4000);
    assertThat(store.requests(Verb.GET)).isEqualTo(2);
  }

  private SegmentIndex writeLongSummary() throws Exception {
    memory.delete(memory.keys());
    SegmentSizes sizes =
        new SegmentSizes(1 << 20, 1 << 16, 1 << 20, 1 << 20, 1, TestLog.SMALL.refusedPause(), 0, 0);
    try (TestLog test = new TestLog(memory, sizes, TestLog.PLATFORM)) {
      for (int i = 0; i < 4000; i++) {
        test.log.append(Bytes.segment(Bytes.random(i, 50)), i, 0);
      }
      index = test.flush().getFirst();
      return index;
    }
  }

  private byte[] read(long offset, int length) throws StoreException, InterruptedException {
    byte[] target = new byte[length];
    reader.read(index, offset, Bytes.segment(target));
    return target;
  }

  private byte[] expected(int offset, int length) {
    return Arrays.copyOfRange(bytes, offset, offset + length);
  }

  private static FutureTask<byte[]> start(Callable<byte[]> work) {
    FutureTask<byte[]> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }
}
