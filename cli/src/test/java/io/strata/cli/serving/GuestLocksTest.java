package io.strata.cli.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.FsException;
import io.strata.fs.locks.ByteRange;
import io.strata.fs.locks.LockKind;
import io.strata.fs.locks.LockLimits;
import io.strata.fs.locks.LockMode;
import io.strata.fs.locks.LockSession;
import io.strata.fs.locks.LockTable;
import io.strata.fs.locks.WantedLock;
import io.strata.fs.schema.Ino;
import io.strata.platform.ManualClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of locks when guests come and go. */
class GuestLocksTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);
  private static final Duration LEASE = Duration.ofMinutes(2);
  private static final WantedLock LOCK =
      new WantedLock(
          new Ino(5), LockKind.POSIX, 1, new ByteRange(0, 9), LockMode.EXCLUSIVE, 1, 1);

  private final ManualClock clock = ManualClock.startingAt(Instant.EPOCH);
  private final LockTable table = new LockTable(LockLimits.STANDARD);
  private final LockSession other = table.session();
  private GuestLocks guest;

  @BeforeEach
  void begin() throws IOException {
    guest = new GuestLocks(table, Optional.empty(), LEASE, clock);
  }

  @Test
  void guestWhoseFrontEndIsGoneForLongHoldsNothing() throws FsException {
    guest.attached();
    assertThat(guest.current().tryLock(LOCK)).isTrue();
    guest.detached();
    clock.advance(LEASE.minus(MOMENT));
    assertThat(other.tryLock(LOCK)).as("it may come back").isFalse();
    clock.advance(MOMENT);
    assertThat(other.tryLock(LOCK)).isTrue();
  }

  @Test
  void guestThatComesBackHasItsLocks() throws FsException {
    guest.attached();
    assertThat(guest.current().tryLock(LOCK)).isTrue();
    guest.detached();
    clock.advance(LEASE.minus(MOMENT));
    guest.attached();
    clock.advance(LEASE);
    assertThat(other.tryLock(LOCK)).isFalse();
    assertThat(clock.waiting()).isZero();
  }

  @Test
  void guestThatBeginsHoldsNothingOfTheOneBefore() throws FsException {
    LockSession before = guest.current();
    assertThat(before.tryLock(LOCK)).isTrue();
    LockSession now = guest.fresh();
    assertThat(other.tryLock(LOCK)).isTrue();
    other.clear();
    assertThat(now.tryLock(LOCK)).isTrue();
    before.end();
    assertThat(other.tryLock(LOCK)).as("the end of the one before comes late").isFalse();
  }

  @Test
  void guestOfAProcessThatWasKilledHoldsWhatItHeld(@TempDir Path folder) throws Exception {
    Optional<Path> file = Optional.of(folder.resolve("locks"));
    new GuestLocks(table, file, LEASE, clock).current().lock(LOCK);

    LockTable next = new LockTable(LockLimits.STANDARD);
    LockSession stranger = next.session();
    new GuestLocks(next, file, LEASE, clock);
    assertThat(stranger.tryLock(LOCK)).isFalse();
    clock.advance(LEASE);
    assertThat(stranger.tryLock(LOCK)).as("it has not come back").isTrue();
  }

  @Test
  void tableIsThereWhereItIsWanted() {
    assertThat(LockPolicy.of("auto").table(1)).isNull();
    assertThat(LockPolicy.of("auto").table(2)).isNotNull();
    assertThat(LockPolicy.of("shared").table(1)).isNotNull();
    assertThat(LockPolicy.of("local").table(2)).isNull();
    assertThatThrownBy(() -> LockPolicy.of("never")).isInstanceOf(IllegalArgumentException.class);
  }
}
