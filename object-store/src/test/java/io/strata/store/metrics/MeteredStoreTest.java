package io.strata.store.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.ManualClock;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultPlan;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class MeteredStoreTest extends StoreContract {
  private static final ObjectKey KEY = new ObjectKey("a");
  private static final Percentage HISTOGRAM_PRECISION = Percentage.withPercentage(5);

  private final ManualClock clock = ManualClock.skippingSleep(Instant.EPOCH);

  @Override
  protected ObjectStore open() {
    return metered(FaultPlan.none());
  }

  @Test
  void aGetIsCountedBeforeItsLastByteIsHandedOver() throws StoreException {
    MeteredStore store = metered(FaultPlan.none());
    store.put(KEY, Body.of(new byte[100]), Condition.NONE);
    List<Long> counts = new ArrayList<>();

    store.get(
        KEY,
        ByteRange.ALL,
        length -> {
          counts.add(store.snapshot().gets());
          return bytes -> counts.add(store.snapshot().gets());
        });

    assertThat(counts).containsExactly(0L, 1L);
    assertThat(store.snapshot().gets()).isEqualTo(1);
    assertThat(store.snapshot().bytesGot()).isEqualTo(100);
  }

  @Test
  void countsRequestsAndBytes() throws StoreException {
    MeteredStore store = metered(FaultPlan.none());

    store.put(KEY, Body.of(new byte[100]), Condition.NONE);
    store.put(KEY, Body.of(new byte[50]), Condition.NONE);
    store.get(KEY, new ByteRange.Suffix(20));
    store.head(KEY);
    store.list("", "", 10);
    store.list("", "", 10);
    StoreStats before = store.snapshot();
    store.delete(List.of(KEY));

    StoreStats stats = store.snapshot();
    assertThat(stats.puts()).isEqualTo(2);
    assertThat(stats.bytesPut()).isEqualTo(150);
    assertThat(stats.gets()).isEqualTo(1);
    assertThat(stats.bytesGot()).isEqualTo(20);
    assertThat(stats.heads()).isEqualTo(1);
    assertThat(stats.deletes()).isEqualTo(1);
    assertThat(stats.lists()).isEqualTo(2);
    assertThat(stats.requests()).isEqualTo(7);
    assertThat(stats.errors()).isZero();
    assertThat(stats.since(before).requests()).isEqualTo(1);
    assertThat(stats.since(before).deletes()).isEqualTo(1);
    assertThat(stats.since(before).bytesPut()).isZero();
  }

  @Test
  void answersAreNoErrors() throws StoreException {
    MeteredStore store = metered(FaultPlan.at(3, Fault.FAIL_BEFORE));

    store.put(KEY, Body.of(new byte[1]), Condition.ABSENT);
    assertThatThrownBy(() -> store.put(KEY, Body.of(new byte[1]), Condition.ABSENT))
        .isInstanceOf(StoreException.Exists.class);
    assertThatThrownBy(() -> store.put(KEY, Body.of(new byte[1]), Condition.ABSENT))
        .isInstanceOf(StoreException.Unavailable.class);

    StoreStats stats = store.snapshot();
    assertThat(stats.puts()).isEqualTo(3);
    assertThat(stats.errors()).isEqualTo(1);
    assertThat(stats.bytesPut()).isEqualTo(1);
  }

  @Test
  void measuresTime() throws StoreException {
    MeteredStore store =
        metered(
            request -> Fault.PASS.delayed(Duration.ofMillis(request.sequence() == 1 ? 900 : 10)));

    for (int i = 0; i < 20; i++) {
      store.head(KEY);
    }

    VerbStats heads = store.snapshot().head();
    assertThat(heads.total()).isEqualTo(Duration.ofMillis(900 + 19 * 10));
    assertThat(heads.median().toNanos()).isCloseTo(10_000_000, HISTOGRAM_PRECISION);
    assertThat(heads.p99().toNanos()).isCloseTo(900_000_000, HISTOGRAM_PRECISION);
    assertThat(heads.longest()).isEqualTo(Duration.ofMillis(900));
  }

  private MeteredStore metered(FaultPlan plan) {
    return new MeteredStore(new FaultStore(new MemStore(), plan, clock), clock);
  }
}
