package io.strata.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.strata.fsck.Fsck;
import io.strata.fsck.FsckOptions;
import io.strata.fsck.FsckReport;
import io.strata.fsck.ScrubOptions;
import io.strata.fsck.finding.Finding;
import io.strata.platform.ManualClock;
import io.strata.platform.Platform;
import io.strata.store.Epoch;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.StoreException;
import io.strata.store.fault.Fault;
import io.strata.store.fault.FaultStore;
import io.strata.store.mem.MemStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scrub that was interrupted goes on where it was, and tells again what it had found. */
class ScrubResumeTest {
  private static final ObjectKey FIRST_SEGMENT = ObjectNames.segment(Nonce.of(new Epoch(2), 0));

  @TempDir private Path state;

  private final Platform platform =
      GoldenMaker.platform(ManualClock.startingAt(Instant.parse("2030-01-01T00:00:00Z")));
  private MemStore bucket = new MemStore();

  @BeforeEach
  void load() throws Exception {
    bucket = Archive.version1().bucket().copy();
    byte[] bytes = Archive.bytes(bucket, FIRST_SEGMENT);
    bytes[5000] ^= 1;
    bucket.put(FIRST_SEGMENT, bytes);
  }

  @Test
  void goesOnBehindWhatItHasRead() throws Exception {
    FaultStore counting = new FaultStore(bucket, request -> Fault.PASS);
    FsckReport whole = Fsck.check(counting, options(null), platform);
    List<String> expected = whole.findings().stream().map(Finding::what).toList();
    long lastSegmentRead = whole.counts().requests() - 20;

    FaultStore dying =
        new FaultStore(
            bucket,
            request -> request.sequence() == lastSegmentRead ? Fault.CRASH_BEFORE : Fault.PASS);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> Fsck.check(dying, options(state), platform));
    assertThat(files()).isEqualTo(1);

    FsckReport again = Fsck.check(bucket, options(state), platform);
    assertThat(again.findings().stream().map(Finding::what).toList()).isEqualTo(expected);
    assertThat(again.counts().requests()).isLessThan(whole.counts().requests());
    assertThat(files()).isZero();
  }

  private long files() throws Exception {
    try (Stream<Path> files = Files.list(state)) {
      return files.count();
    }
  }

  private static FsckOptions options(@Nullable Path state) {
    return FsckOptions.DEFAULT.withData(true).withScrub(new ScrubOptions(0, state));
  }
}
