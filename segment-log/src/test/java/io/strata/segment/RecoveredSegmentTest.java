package io.strata.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.segment.format.SegmentIndex;
import io.strata.store.ByteRange;
import io.strata.store.Frame;
import io.strata.store.FrameKind;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecoveredSegmentTest {
  private static final Nonce NONCE = TestLog.nonce(9);
  private static final ObjectKey KEY = ObjectNames.segment(NONCE);

  private final MemStore store = new MemStore();

  @Test
  void aTombstoneIsAnEmptySegment() throws Exception {
    SegmentIndex index = put(store);
    assertThat(index.logicalLength()).isZero();
    assertThat(index.blockCount()).isZero();
    Frame.open(store.get(KEY, ByteRange.ALL), FrameKind.SEGMENT, TestLog.VOLUME, KEY);
    assertThat(BlockReader.readIndex(store, TestLog.VOLUME, NONCE)).isEqualTo(index);
    assertThat(store.head(KEY)).contains(index.objectLength());
  }

  @Test
  void runsAreWhereTheyWereAndGapsAreZero() throws Exception {
    byte[] first = Bytes.random(1, 100_000);
    byte[] second = Bytes.random(2, 30);
    SegmentIndex index = put(store, run(50_000, first), run(300_000, second));
    byte[] expected = new byte[300_030];
    System.arraycopy(first, 0, expected, 50_000, first.length);
    System.arraycopy(second, 0, expected, 300_000, second.length);
    assertThat(index.logicalLength()).isEqualTo(expected.length);
    assertThat(read(index)).isEqualTo(expected);
  }

  @Test
  void theSameRunsMakeTheSameObjectWhoeverRecovers() throws Exception {
    MemStore other = new MemStore();
    put(store, run(0, Bytes.text(1, 70_000)), run(70_000, Bytes.text(2, 10)));
    put(other, run(70_000, Bytes.text(2, 10)), run(0, Bytes.text(1, 70_000)));
    assertThat(other.get(KEY, ByteRange.ALL)).isEqualTo(store.get(KEY, ByteRange.ALL));
    put(store, run(0, Bytes.text(1, 70_000)), run(70_000, Bytes.text(2, 10)));
  }

  @Test
  void whatWasThereFirstStays() throws Exception {
    SegmentIndex first = put(store, run(0, new byte[10]));
    byte[] bytes = store.get(KEY, ByteRange.ALL).array();
    assertThat(put(store)).isEqualTo(first);
    assertThat(put(store, run(0, new byte[20]))).isEqualTo(first);
    assertThat(store.get(KEY, ByteRange.ALL).array()).isEqualTo(bytes);
  }

  @Test
  void damageInWhatWasThereIsReported() {
    store.put(KEY, new byte[500]);
    assertThatThrownBy(() -> put(store))
        .isInstanceOf(StoreException.Corrupt.class)
        .hasMessageContaining(KEY.value());
  }

  @Test
  void runsOfOtherSegmentsAreRefused() {
    InlineRun stray = new InlineRun(TestLog.nonce(8), 0, ByteBuffer.allocate(1));
    assertThatThrownBy(() -> put(store, stray)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put(store, run(0xffff_ffffL, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> put(store, run(-1, new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static SegmentIndex put(MemStore store, InlineRun... runs) throws StoreException {
    OncePut puts = new OncePut(store, TestLog.PLATFORM);
    return RecoveredSegment.put(puts, store, TestLog.VOLUME, NONCE, List.of(runs));
  }

  private static InlineRun run(long offset, byte[] bytes) {
    return new InlineRun(NONCE, offset, ByteBuffer.wrap(bytes));
  }

  private byte[] read(SegmentIndex index) throws Exception {
    SegmentSizes sizes = TestLog.SMALL;
    byte[] bytes = new byte[(int) index.logicalLength()];
    new BlockReader(store, new BlockCache(sizes, TestLog.PLATFORM.clock()), sizes, TestLog.PLATFORM)
        .read(index, 0, Bytes.segment(bytes));
    return bytes;
  }
}
