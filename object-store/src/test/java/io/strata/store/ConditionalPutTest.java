package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class ConditionalPutTest {
  private static final ObjectKey KEY = ObjectNames.VOLUME;
  private static final byte[] BYTES = {1, 2, 3};

  private final MemStore bucket = new MemStore();

  @Test
  void storeThatKeepsThePromiseIsKnown() throws StoreException {
    bucket.put(KEY, BYTES);

    assertThat(ConditionalPut.honoured(bucket, KEY, Body.of(BYTES))).isTrue();
  }

  @Test
  void storeThatOverwritesIsFoundOutAndNothingChanges() throws StoreException {
    bucket.put(KEY, BYTES);

    assertThat(ConditionalPut.honoured(new CarelessStore(bucket), KEY, Body.of(BYTES))).isFalse();
    assertThat(bucket.get(KEY, ByteRange.ALL)).isEqualTo(ByteBuffer.wrap(BYTES));
  }

  @Test
  void silenceIsNoAnswer() {
    bucket.put(KEY, BYTES);
    ObjectStore silent = new FaultStore(bucket, FaultPlan.at(1, Fault.FAIL_AFTER));

    assertThatThrownBy(() -> ConditionalPut.honoured(silent, KEY, Body.of(BYTES)))
        .isInstanceOf(StoreException.Unavailable.class);
  }

  /** Ignores conditions, as some servers do. */
  private static final class CarelessStore extends ForwardingStore {
    CarelessStore(ObjectStore store) {
      super(store);
    }

    @Override
    public void put(ObjectKey key, Body body, Condition condition) throws StoreException {
      super.put(key, body, Condition.NONE);
    }
  }
}
