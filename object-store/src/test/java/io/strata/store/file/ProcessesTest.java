package io.strata.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one folder, one of which is killed at work. */
final class ProcessesTest {
  private static final int PROCESSES = 3;
  private static final int DOOMED = 0;
  private static final int KEYS = 120;
  private static final int OBJECT_BYTES = 300_000;

  @TempDir private Path folder;
  @TempDir private Path outputs;

  @Test
  void eachNameHasOneWinnerAndAKilledWriterLeavesNoHalves() throws Exception {
    List<Process> racers = new ArrayList<>();
    for (int racer = 0; racer < PROCESSES; racer++) {
      racers.add(start(racer));
    }
    awaitWins(KEYS / 3);
    racers.get(DOOMED).destroyForcibly();
    for (Process racer : racers) {
      assertThat(racer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    Map<String, Integer> winners = new HashMap<>();
    for (int racer = 0; racer < PROCESSES; racer++) {
      assertThat(racers.get(racer).exitValue() == 0).isEqualTo(racer != DOOMED);
      for (String key : wins(racer)) {
        assertThat(winners.put(key, racer)).as("another winner of %s", key).isNull();
      }
    }
    try (ObjectStore store = FileStore.open(folder, SystemPlatform.create())) {
      List<ListPage.Entry> found = store.list("race/", "", 1000).entries();
      assertThat(found).hasSize(KEYS);
      for (ListPage.Entry entry : found) {
        ByteBuffer bytes = store.get(entry.key(), ByteRange.ALL);
        assertThat(bytes.remaining()).isEqualTo(OBJECT_BYTES);
        int writer = bytes.get(0);
        while (bytes.hasRemaining()) {
          assertThat((int) bytes.get()).isEqualTo(writer);
        }
        // The killed one may have died before it could say that it had won.
        assertThat(winners.getOrDefault(entry.key().value(), DOOMED))
            .as("winner of %s", entry.key())
            .isEqualTo(writer);
      }
    }
  }

  /** Returns when the racers have won so many names together. */
  private void awaitWins(int wins) throws IOException, InterruptedException {
    for (int won = 0; won < wins; Thread.sleep(1)) {
      won = 0;
      for (int racer = 0; racer < PROCESSES; racer++) {
        won += wins(racer).size();
      }
    }
  }

  private List<String> wins(int racer) throws IOException {
    String printed = Files.readString(output(racer));
    return printed.substring(0, printed.lastIndexOf('\n') + 1).lines().toList();
  }

  private Path output(int racer) {
    return outputs.resolve("racer" + racer);
  }

  private Process start(int racer) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new ProcessBuilder(
            java.toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Racer.class.getName(),
            folder.toString(),
            Integer.toString(racer))
        .redirectOutput(output(racer).toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Puts every key unless it is there, and prints those that it has won. */
  static final class Racer {
    private Racer() {}

    public static void main(String[] arguments) throws StoreException {
      byte[] bytes = new byte[OBJECT_BYTES];
      Arrays.fill(bytes, Byte.parseByte(arguments[1]));
      try (ObjectStore store = FileStore.open(Path.of(arguments[0]), SystemPlatform.create())) {
        for (int i = 0; i < KEYS; i++) {
          ObjectKey key = new ObjectKey("race/%d/%03d".formatted(i / 30, i));
          if (wins(store, key, bytes)) {
            System.out.println(key);
          }
        }
      }
    }

    private static boolean wins(ObjectStore store, ObjectKey key, byte[] bytes)
        throws StoreException {
      try {
        store.put(key, Body.of(bytes), Condition.ABSENT);
        return true;
      } catch (StoreException.Exists lost) {
        return false;
      }
    }
  }
}
