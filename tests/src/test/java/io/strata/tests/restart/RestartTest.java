package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.tests.vmm.Cuts;
import io.strata.tests.vmm.Features;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.ServeProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills {@code strata serve} with SIGKILL again and again while programs in a guest work, and starts
 * it again on the same socket. The system properties {@code strata.restart.rounds} and {@code
 * strata.restart.seed} make more of it.
 */
final class RestartTest {
  private static final int ROUNDS = Integer.getInteger("strata.restart.rounds", 5);
  private static final long SEED = Long.getLong("strata.restart.seed", System.nanoTime());

  @TempDir private Path folder;

  @Test
  void aLinuxGuest() throws Exception {
    live(GuestOptions.standard().withQueues(2, 256, 32), SEED);
  }

  @Test
  void aGuestWithPackedRingsAndRequestsCutAnywhere() throws Exception {
    GuestOptions options =
        GuestOptions.standard()
            .withQueues(1, 128, 24)
            .withFeatures(Features.PACKED | Features.EVENT_INDEX)
            .withCuts(Cuts.anywhere(SEED));
    live(options, SEED + 1);
  }

  private void live(GuestOptions options, long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path socket = folder.resolve("socket");
    String url = "file:" + folder.resolve("bucket");
    Path log = folder.resolve("log");
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    String[] arguments = {"--volume", url, "--queues", "2", "--socket", socket.toString()};
    ServeProcess daemon = ServeProcess.start(log, arguments);
    try (Guest guest = new Guest(options);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      guest.reconnect(socket);
      new GuestFiles(guest).init();
      List<Program> programs = programs(guest, random);
      for (Program program : programs) {
        program.prepare();
      }
      AtomicBoolean enough = new AtomicBoolean();
      List<Future<?>> running = new ArrayList<>();
      for (Program program : programs) {
        running.add(
            threads.submit(
                () -> {
                  program.runUntil(enough::get);
                  return null;
                }));
      }
      try {
        for (int round = 1; round <= ROUNDS; round++) {
          Thread.sleep(random.nextInt(20, 600));
          daemon.kill();
          daemon = ServeProcess.start(log, arguments);
          guest.reconnect(socket);
          awaitChecked(programs, running, round + 1);
        }
      } finally {
        enough.set(true);
      }
      for (Future<?> program : running) {
        program.get();
      }
      for (Program program : programs) {
        program.finish();
        System.out.println(program.summary());
      }
      guest.hangUp();
      assertThat(daemon.stop()).as(daemon.log()).isZero();
      assertThat(ServeProcess.run(log, "fsck", "--data", url)).as(daemon.log()).isZero();
    } catch (Throwable e) {
      throw new AssertionError("seed " + seed + "; the daemon said:\n" + daemon.log(), e);
    } finally {
      daemon.close();
    }
  }

  private static List<Program> programs(Guest guest, SplittableRandom random) {
    return List.of(
        new BlockProgram(guest, random.nextLong(), "blocks", false),
        new BlockProgram(guest, random.nextLong(), "unlinked", true),
        new AppendProgram(guest, random.nextLong(), "appends"),
        new NamesProgram(guest, random.nextLong(), "names"));
  }

  /** Waits until all programs have come through; fails at once if one has failed. */
  private static void awaitChecked(
      List<Program> programs, List<Future<?>> running, int connection) throws Exception {
    while (programs.stream().anyMatch(program -> program.checked() < connection)) {
      for (Future<?> program : running) {
        if (program.isDone()) {
          program.get();
        }
      }
      Thread.sleep(5);
    }
  }
}
