package io.strata.tests.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.fs.Errno;
import io.strata.tests.vmm.FuseAnswer;
import io.strata.tests.vmm.Guest;
import io.strata.tests.vmm.GuestFiles;
import io.strata.tests.vmm.GuestFiles.File;
import io.strata.tests.vmm.GuestOptions;
import io.strata.tests.vmm.ServeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A {@code strata serve} that is killed by SIGKILL in the midst of a guest's work, again and again,
 * and started on the same socket: the guest goes on with its handles and its requests in flight.
 */
final class KilledDaemonTest {
  private static final int ROUNDS = 4;
  private static final int BATCHES = 12;
  private static final int BATCH = 40;
  private static final int APPEND = 02000;
  private static final int RECORD_BYTES = 12;

  private final Path log;
  private final Path socket;
  private final String url;

  KilledDaemonTest(@TempDir Path folder) {
    this.log = folder.resolve("log");
    this.socket = folder.resolve("socket");
    this.url = "file:" + folder.resolve("bucket");
  }

  private ServeProcess serve() throws IOException {
    return ServeProcess.start(log, "--volume", url, "--socket", socket.toString());
  }

  /** A file that grows by records, and what the guest knows of them. */
  private static final class Log {
    final File file;
    final Map<String, CompletableFuture<FuseAnswer>> sent = new HashMap<>();
    final Set<String> durable = new HashSet<>();
    final Set<String> lost = new HashSet<>();

    Log(File file) {
      this.file = file;
    }

    void append(Guest guest) throws InterruptedException {
      String record = "%011d\n".formatted(sent.size());
      byte[] bytes = record.getBytes(StandardCharsets.US_ASCII);
      sent.put(record, guest.send(GuestFiles.writeRequest(file, 0, bytes, APPEND)));
    }

    /** Syncs it and says whether that succeeded. */
    boolean sync(Guest guest) throws InterruptedException {
      Set<String> before = new HashSet<>();
      sent.forEach(
          (record, answer) -> {
            if (answer.isDone()) {
              before.add(record);
            }
          });
      int error = guest.call(GuestFiles.syncRequest(file)).error();
      if (error == 0) {
        before.removeAll(lost);
        durable.addAll(before);
        return true;
      }
      assertThat(error).isEqualTo(Errno.EIO.number());
      return false;
    }
  }

  @Test
  void theGuestGoesOn() throws Exception {
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    ServeProcess daemon = serve();
    try (Guest guest = new Guest(GuestOptions.standard())) {
      guest.reconnect(socket);
      GuestFiles files = new GuestFiles(guest);
      files.init();
      File nameless = files.create(GuestFiles.ROOT, "nameless");
      files.write(nameless, 0, "still here".getBytes(StandardCharsets.US_ASCII));
      files.unlink(GuestFiles.ROOT, "nameless");
      List<Log> logs = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        logs.add(new Log(files.create(GuestFiles.ROOT, "log" + i)));
      }
      assertThat(logs.getFirst().sync(guest)).isTrue();
      for (int round = 0; round < ROUNDS; round++) {
        work(guest, logs);
        daemon.kill();
        daemon = serve();
        guest.reconnect(socket);
        for (Log one : logs) {
          check(guest, files, one);
        }
        byte[] there = files.read(nameless, 0, 100);
        assertThat(new String(there, StandardCharsets.US_ASCII)).isEqualTo("still here");
      }
      assertThat(daemon.stop()).as(daemon.log()).isZero();
      assertThat(ServeProcess.run(log, "fsck", "--data", url)).as(daemon.log()).isZero();
    } finally {
      daemon.close();
    }
  }

  @Test
  void aDaemonThatIsStoppedLosesNothing() throws Exception {
    assertThat(ServeProcess.run(log, "format", url)).isZero();
    ServeProcess daemon = serve();
    try (Guest guest = new Guest(GuestOptions.standard())) {
      guest.reconnect(socket);
      GuestFiles files = new GuestFiles(guest);
      files.init();
      Log one = new Log(files.create(GuestFiles.ROOT, "log"));
      for (int i = 0; i < BATCH; i++) {
        one.append(guest);
      }
      guest.await(CompletableFuture.allOf(one.sent.values().toArray(CompletableFuture[]::new)));
      assertThat(daemon.stop()).as(daemon.log()).isZero();
      daemon = serve();
      guest.reconnect(socket);
      assertThat(one.sync(guest)).isTrue();
      assertThat(records(files, one.file)).hasSize(BATCH);
    } finally {
      daemon.close();
    }
  }

  /** Appends, syncs one log now and then, and leaves requests in flight. */
  private static void work(Guest guest, List<Log> logs) throws InterruptedException {
    for (int batch = 0; batch < BATCHES; batch++) {
      for (int i = 0; i < BATCH; i++) {
        logs.get(i % logs.size()).append(guest);
      }
      if (batch == BATCHES / 2) {
        assertThat(logs.get(1).sync(guest)).isTrue();
      }
    }
  }

  /** What must be true of a log when the next daemon is there. */
  private static void check(Guest guest, GuestFiles files, Log log) throws InterruptedException {
    for (CompletableFuture<FuseAnswer> answer : log.sent.values()) {
      FuseAnswer written = guest.await(answer);
      assertThat(written.error()).isZero();
      assertThat(written.u32(0)).isEqualTo(RECORD_BYTES);
    }
    boolean synced = log.sync(guest);
    List<String> records = records(files, log.file);
    assertThat(records).doesNotHaveDuplicates();
    assertThat(records).containsAll(log.durable);
    Set<String> missing = new HashSet<>(log.sent.keySet());
    records.forEach(missing::remove);
    missing.removeAll(log.lost);
    assertThat(synced).as("lost without a word, or a word without a loss: %s", missing)
        .isEqualTo(missing.isEmpty());
    log.lost.addAll(missing);
    assertThat(log.sync(guest)).as("once is enough").isTrue();
  }

  private static List<String> records(GuestFiles files, File file) throws InterruptedException {
    List<String> records = new ArrayList<>();
    long size = files.attributes(file.node()).size();
    assertThat(size % RECORD_BYTES).as("of %d bytes", size).isZero();
    int some = RECORD_BYTES * 5000;
    for (long at = 0; at < size; at += some) {
      String text = new String(files.read(file, at, some), StandardCharsets.US_ASCII);
      for (int i = 0; i < text.length(); i += RECORD_BYTES) {
        records.add(text.substring(i, i + RECORD_BYTES));
      }
    }
    return records;
  }
}
