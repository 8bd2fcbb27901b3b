package io.strata.tests.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.ServeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One daemon, one volume, two sockets: on one a guest works, on the other everything is tried. After
 * each attempt the guest must still work, a new one must find the other socket as it was, and in the
 * end the daemon must hold no more than before.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class HostileGuestsTest {
  private static final int ROUNDS = Integer.getInteger("strata.hostile.rounds", 1);
  private static final Duration CLOSING_MAX = Duration.ofSeconds(60);

  private final Path folder;
  private final Path log;
  private final Path attacked;
  private final ServeProcess daemon;
  private final Bystander bystander;

  HostileGuestsTest(@TempDir Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    log = folder.resolve("log");
    attacked = folder.resolve("attacked");
    Path peaceful = folder.resolve("peaceful");
    String url = "file:" + folder.resolve("bucket");
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    daemon =
        ServeProcess.start(
            log, "--volume", url, "--socket", peaceful.toString(), "--socket", attacked.toString());
    bystander = new Bystander(Target.of(peaceful, log));
  }

  static Stream<Attack> attacks() {
    return Stream.of(
            RingAttacks.all(), RequestAttacks.all(), MemoryAttacks.all(), MessageAttacks.all())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  @Order(1)
  void othersGoOn(Attack attack) throws Exception {
    attempt(attack);
  }

  private void attempt(Attack attack) throws Exception {
    try {
      attack.attempt().against(Target.of(attacked, log));
      bystander.work();
      try (Guest next = Target.of(attacked, log).mounted(Target.OPTIONS)) {
        assertThat(new GuestFiles(next).lookup(GuestFiles.ROOT, "kept").size()).isPositive();
      }
    } catch (Exception | AssertionError e) {
      throw new AssertionError(attack + "; the daemon said:\n" + tail(daemon.log()), e);
    }
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }

  @Test
  @Order(2)
  void nothingIsLeftBehind() throws Exception {
    DaemonUse before = settled();
    for (int round = 0; round < ROUNDS; round++) {
      for (Attack attack : attacks().filter(each -> !each.slow()).toList()) {
        attempt(attack);
      }
    }
    DaemonUse after = awaitNoMoreThan(before);
    System.out.printf("%d rounds: %s, then %s%n", ROUNDS, before, after);
  }

  /** What is not needed any more is closed in a while, which a busy machine may make long. */
  private DaemonUse awaitNoMoreThan(DaemonUse before) throws Exception {
    long began = System.nanoTime();
    while (true) {
      DaemonUse now = DaemonUse.of(daemon.handle().pid());
      if (now.isNoMoreThan(before)) {
        return now;
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("%s, and not %s as before", now, before)
          .isLessThan(CLOSING_MAX);
      Thread.sleep(100);
    }
  }

  /** What it holds once the last connection has ended. */
  private DaemonUse settled() throws Exception {
    DaemonUse last = DaemonUse.of(daemon.handle().pid());
    int same = 0;
    while (same < 10) {
      Thread.sleep(100);
      DaemonUse now = DaemonUse.of(daemon.handle().pid());
      same = now.equals(last) ? same + 1 : 0;
      last = now;
    }
    return last;
  }

  @Test
  @Order(3)
  void theVolumeIsWhole() throws Exception {
    bystander.close();
    assertThat(daemon.stop()).as(tail(daemon.log())).isZero();
    assertThat(ServeProcess.run(log, "fsck", "--data", "file:" + folder.resolve("bucket")))
        .as(tail(daemon.log()))
        .isZero();
  }

  @AfterAll
  void end() {
    daemon.close();
  }
}
