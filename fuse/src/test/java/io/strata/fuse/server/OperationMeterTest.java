package io.strata.fuse.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fuse.abi.Opcode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class OperationMeterTest {
  @Test
  void sums() {
    OperationMeter meter = new OperationMeter(Opcode.READ);
    meter.record(100, 80, 4112, false);
    meter.record(300, 80, 16, true);
    assertThat(meter.snapshot())
        .extracting(
            OperationStats::count,
            OperationStats::errors,
            OperationStats::bytesIn,
            OperationStats::bytesOut,
            OperationStats::totalNanos,
            OperationStats::maxNanos)
        .containsExactly(2L, 1L, 160L, 4128L, 400L, 300L);
    assertThat(new OperationMeter(Opcode.READ).snapshot().p99Nanos()).isZero();
  }

  @Property
  void quantilesAreAQuarterTooHighAtMost(@ForAll @LongRange(min = 1, max = 1L << 50) long nanos) {
    OperationMeter meter = new OperationMeter(Opcode.READ);
    for (int i = 0; i < 98; i++) {
      meter.record(nanos, 0, 0, false);
    }
    meter.record(Long.MAX_VALUE, 0, 0, false);
    assertThat(meter.snapshot().p50Nanos()).isBetween(nanos, nanos + Math.max(1, nanos / 4));
    assertThat(meter.snapshot().p99Nanos()).isEqualTo(Long.MAX_VALUE);
  }
}
