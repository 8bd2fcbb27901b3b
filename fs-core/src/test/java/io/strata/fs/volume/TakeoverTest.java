package io.strata.fs.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.fs.Errno;
import io.strata.fs.FsException;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectNames;
import io.strata.store.mem.MemStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Machines that follow each other, on clocks that the test drives. */
@Timeout(60)
final class TakeoverTest {
  private static final Duration TERM = LeaseOptions.DEFAULT.term();

  private final MemStore bucket = new MemStore();
  private final Site one = new Site("one", 1, bucket);
  private final Site two = new Site("two", 2, bucket);
  private final Site three = new Site("three", 3, bucket);
  private final Passing time = new Passing(List.of(one, two, three));

  @BeforeEach
  void format() throws Exception {
    Volume.format(bucket, FormatOptions.DEFAULT, SystemPlatform.create());
  }

  @AfterEach
  void end() throws Exception {
    one.kill();
    two.kill();
    three.kill();
    time.end();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.sleep(1);
    }
  }

  /** Waits while so much time passes at a site. */
  private static void pass(Site site, Duration time) throws Exception {
    long until = site.nanoTime() + time.toNanos();
    await(() -> site.nanoTime() >= until);
  }

  private static void awaitHeard(Site site) throws Exception {
    await(
        () -> {
          OpeningEvents.Standing standing = site.standing();
          return standing != null && standing.heard();
        });
  }

  @Test
  void aStandbyFollowsAnOwnerThatIsKilled() throws Exception {
    Volume owner = one.open(one.options(true));
    Site.write(owner, "file", 7, true);
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    pass(two, TERM.multipliedBy(5));
    assertThat(standby).as("while the owner lives").isNotDone();
    long killed = two.nanoTime();
    one.kill();
    Volume next = standby.get();
    // One and a half, less what its last sign was old, which is counted from the look before it: a
    // third and a sixth, and a little, as time passes in steps.
    assertThat(Duration.ofNanos(two.nanoTime() - killed))
        .isGreaterThan(TERM.minus(Passing.STEP.multipliedBy(10)));
    assertThat(Site.read(next, "file")).isEqualTo(7);
    assertThat(Site.read(next, "other")).isZero();
  }

  /** Six looks at the next head and the next place of the log, three of which find that filled. */
  @Test
  void aStandbyAsksFifteenTimesATerm() throws Exception {
    one.open(one.options(true));
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    pass(two, TERM);
    // Time goes on between two looks: it is looked at before and after the requests are.
    long began = two.nanoTime();
    long before = two.requests();
    pass(two, TERM.multipliedBy(20));
    long requests = two.requests() - before;
    double terms = (double) (two.nanoTime() - began) / TERM.toNanos();
    assertThat(requests / terms).isBetween(9.0, 15.5);
    assertThat(standby).isNotDone();
  }

  @Test
  void aStandbyFollowsAtOnceWhoClosesTheVolume() throws Exception {
    Volume owner = one.open(one.options(true));
    Site.write(owner, "file", 7, false);
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    owner.close();
    assertThat(Site.read(standby.get(), "file")).isEqualTo(7);
  }

  @Test
  void anOwnerLearnsOfAStandbyByItsNextHead() throws Exception {
    Volume owner = one.open(one.options(false));
    assertThat(lease(owner).hard()).isFalse();
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    await(() -> two.standing() != null);
    pass(two, TERM.multipliedBy(5));
    assertThat(standby).as("silence of an owner who promised nothing").isNotDone();
    assertThat(lease(owner).heard()).isFalse();
    Site.write(owner, "file", 7, true);
    owner.checkpoint();
    assertThat(lease(owner).hard()).isTrue();
    awaitHeard(two);
    pass(two, TERM.multipliedBy(5));
    assertThat(standby).isNotDone();
    one.kill();
    assertThat(Site.read(standby.get(), "file")).isEqualTo(7);
    assertThat(standbys()).as("announcements").isZero();
  }

  private int standbys() throws Exception {
    return bucket.list(ObjectNames.STANDBYS, "", 1000).entries().size();
  }

  @Test
  void whoStopsToWaitLeavesNothingBehind() throws Exception {
    one.open(one.options(false));
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    await(() -> standbys() == 1);
    two.interrupt();
    assertThatThrownBy(standby::get).isInstanceOf(ExecutionException.class);
    assertThat(standbys()).isZero();
  }

  @Test
  void ofTwoThatWaitOneGoesOnWaiting() throws Exception {
    one.open(one.options(true));
    CompletableFuture<Volume> second = two.opening(two.options(true));
    CompletableFuture<Volume> third = three.opening(three.options(true));
    awaitHeard(two);
    awaitHeard(three);
    one.kill();
    CompletableFuture.anyOf(second, third).get();
    pass(two, TERM.multipliedBy(3));
    assertThat(second.isDone() != third.isDone()).as("one of them").isTrue();
    (second.isDone() ? two : three).kill();
    CompletableFuture.allOf(second, third).get();
  }

  @Test
  void anOwnerThatWasStoppedFindsOutBeforeItAnswers() throws Exception {
    Volume owner = one.open(one.options(true));
    Site.write(owner, "file", 7, true);
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    one.stop();
    Volume next = standby.get();
    Site.write(next, "file", 8, true);
    one.goOn();
    assertThatThrownBy(() -> Site.read(owner, "file")).satisfies(TakeoverTest::isStale);
    assertThatThrownBy(() -> Site.write(owner, "file", 9, true)).satisfies(TakeoverTest::isStale);
    assertThat(Site.read(next, "file")).isEqualTo(8);
  }

  private static void isStale(Throwable thrown) {
    assertThat(((FsException) thrown).errno()).isEqualTo(Errno.ESTALE);
  }

  @Test
  void aHardLeaseHoldsUpReadsOfWhoIsCutOff() throws Exception {
    Volume owner = one.open(one.options(true));
    Site.write(owner, "file", 7, true);
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    one.cut();
    Volume next = standby.get();
    Site.write(next, "file", 8, true);
    CompletableFuture<Long> read = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                read.complete(Site.read(owner, "file"));
              } catch (FsException e) {
                read.completeExceptionally(e);
              }
            });
    pass(one, TERM.multipliedBy(3));
    assertThat(read).as("nothing is answered without the store").isNotDone();
    one.mend();
    assertThatThrownBy(read::get).hasCauseInstanceOf(FsException.class);
    assertThat(Site.read(next, "file")).isEqualTo(8);
  }

  @Test
  void aSoftLeaseGoesOnWithoutTheStore() throws Exception {
    Volume owner = one.open(one.options(false));
    Site.write(owner, "file", 7, true);
    one.cut();
    pass(one, TERM.multipliedBy(3));
    assertThat(Site.read(owner, "file")).isEqualTo(7);
    Site.write(owner, "file", 8, false);
    assertThat(Site.read(owner, "file")).isEqualTo(8);
    one.mend();
    Site.write(owner, "file", 9, true);
    await(() -> lease(owner).left().isPositive());
  }

  @Test
  void whoOpensPlainlyTakesASilentVolumeAndNoOther() throws Exception {
    Volume idle = one.open(one.options(false));
    Site.write(idle, "file", 7, true);
    idle.checkpoint();
    Volume next = two.opening(two.options(false)).get();
    assertThat(Site.read(next, "file")).isEqualTo(7);
    assertThatThrownBy(() -> Site.read(idle, "file")).satisfies(TakeoverTest::isStale);

    CompletableFuture<Volume> refused = three.opening(three.options(false));
    for (int i = 0; !refused.isDone(); i++) {
      Site.write(next, "file", i, true);
    }
    assertThatThrownBy(refused::get)
        .hasCauseInstanceOf(VolumeException.class)
        .hasMessageContaining("it is alive");
    assertThat(Site.read(next, "file")).isNotNegative();
  }

  @Test
  void anOutageForAllIsNoReasonToTakeOver() throws Exception {
    Volume owner = one.open(one.options(true));
    Site.write(owner, "file", 7, true);
    CompletableFuture<Volume> standby = two.opening(two.options(true));
    awaitHeard(two);
    one.cut();
    two.cut();
    pass(two, TERM.multipliedBy(20));
    two.mend();
    one.mend();
    pass(two, TERM.multipliedBy(5));
    assertThat(standby).isNotDone();
    Site.write(owner, "file", 8, true);
    assertThat(Site.read(owner, "file")).isEqualTo(8);
  }

  private static LeaseState lease(Volume owner) {
    return Objects.requireNonNull(owner.statistics().lease());
  }
}
