package io.strata.replay;

import static io.strata.replay.LogFixture.EPOCH;
import static io.strata.replay.LogFixture.HEAD;
import static io.strata.replay.LogFixture.START;
import static io.strata.replay.LogFixture.VOLUME;
import static io.strata.replay.LogFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.replay.format.EntryCodec;
import io.strata.replay.format.HeadReference;
import io.strata.replay.format.LogEntry;
import io.strata.replay.format.LogPosition;
import io.strata.store.ByteRange;
import io.strata.store.Epoch;
import io.strata.store.ObjectKey;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LogReaderTest {
  @Test
  void anEmptyLogCostsOneGet() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      LogEnd end = volume.reader.readTail(START, HEAD, entry -> true);
      assertThat(end).isEqualTo(new LogEnd.Open(START));
      assertThat(volume.store.requests(Verb.GET)).isEqualTo(1);
    }
  }

  @Test
  void aLongLogIsReadInOrderWithFewRequestsTooMany() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      List<String> written = write(volume, 50);
      assertThat(volume.recovered()).isEqualTo(written);
      assertThat(volume.store.requests(Verb.GET)).isBetween(51, 51 + 50 / 4);
    }
  }

  @Test
  void noMoreThanTheWindowIsOnItsWay() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      List<String> written = write(volume, 300);
      volume.store.hold(Verb.GET);
      for (int i = 0; i < 200; i++) {
        volume.store.release(key(i));
      }
      CompletableFuture<List<String>> read = new CompletableFuture<>();
      volume
          .platform
          .waiting()
          .execute(
              () -> {
                try {
                  read.complete(volume.recovered());
                } catch (IOException e) {
                  read.completeExceptionally(e);
                }
              });

      List<ObjectKey> held = volume.store.awaitHeld(Verb.GET, ReadAhead.AHEAD_MAX);
      assertThat(held)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(200, 200 + ReadAhead.AHEAD_MAX)
                  .mapToObj(LogFixture::key)
                  .toList());

      volume.store.open(Verb.GET);
      assertThat(read.get()).isEqualTo(written);
    }
  }

  @Test
  void aKnownEndIsNotReadOver() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 20);
      List<LogPosition> read = new ArrayList<>();
      LogEnd end =
          volume.reader.readTail(
              START, OptionalLong.of(7), HEAD, entry -> read.add(entry.position()));
      assertThat(end).isEqualTo(new LogEnd.Stopped(new LogPosition(EPOCH, 7)));
      assertThat(read).hasSize(7);
      assertThat(volume.store.requests(Verb.GET)).isEqualTo(7);
    }
  }

  @Test
  void theVisitorStopsBeforeAnEntryThatDoesNotCount() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 5);
      LogEnd end = volume.reader.readTail(START, HEAD, entry -> entry.position().sequence() < 3);
      assertThat(end).isEqualTo(new LogEnd.Stopped(new LogPosition(EPOCH, 3)));
    }
  }

  @Test
  void theVisitorsErrorIsThrown() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 5);
      StoreException.Corrupt error = new StoreException.Corrupt(key(99), "a segment, say");
      assertThatThrownBy(
              () ->
                  volume.reader.readTail(
                      START,
                      HEAD,
                      entry -> {
                        throw error;
                      }))
          .isSameAs(error);
    }
  }

  @Test
  void aGapIsTheEnd() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 10);
      volume.memory.delete(List.of(key(4)));
      LogEnd end = volume.reader.readTail(START, HEAD, entry -> true);
      assertThat(end).isEqualTo(new LogEnd.Open(new LogPosition(EPOCH, 4)));
    }
  }

  @Test
  void aDamagedEntryIsReportedWithItsNameAndWhatIsWrong() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 10);
      byte[] bytes = bytes(volume, 6);
      bytes[bytes.length / 2] ^= 1;
      volume.memory.put(key(6), bytes);
      List<String> read = new ArrayList<>();
      LogEnd end =
          volume.reader.readTail(START, HEAD, entry -> read.addAll(LogFixture.texts(entry)));
      assertThat(end).isInstanceOf(LogEnd.Damaged.class);
      assertThat(end.position()).isEqualTo(new LogPosition(EPOCH, 6));
      assertThat(((LogEnd.Damaged) end).cause())
          .hasMessageContaining(key(6).value())
          .hasMessageContaining("checksum");
      assertThat(read).hasSize(6);
    }
  }

  @Test
  void anEntryUnderAnothersNameIsDamage() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 3);
      volume.memory.put(key(1), bytes(volume, 2));
      LogEnd end = volume.reader.readTail(START, HEAD, entry -> true);
      assertThat(end).isInstanceOf(LogEnd.Damaged.class);
      assertThat(((LogEnd.Damaged) end).cause()).hasMessageContaining(key(2).value());
    }
  }

  @Test
  void aLogOfAnotherHeadIsRefused() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 1);
      HeadReference other = new HeadReference(HEAD.number(), HEAD.crc() + 1);
      LogEnd end = volume.reader.readTail(START, other, entry -> true);
      assertThat(end).isInstanceOf(LogEnd.Damaged.class);
      assertThat(((LogEnd.Damaged) end).cause())
          .hasMessageContaining(HEAD.toString())
          .hasMessageContaining(other.toString());
    }
  }

  @Test
  void groupsThatDoNotContinueAreDamage() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 2);
      LogPosition third = new LogPosition(EPOCH, 2);
      LogEntry.Groups stray =
          new LogEntry.Groups(third, HEAD, 99, List.of(), List.of(new byte[1]), List.of());
      volume.memory.put(third.key(), EntryCodec.frame(VOLUME, stray).toBytes());
      LogEnd end = volume.reader.readTail(START, HEAD, entry -> true);
      assertThat(end).isInstanceOf(LogEnd.Damaged.class);
      assertThat(((LogEnd.Damaged) end).cause())
          .hasMessageContaining("99")
          .hasMessageContaining("expected 3");
    }
  }

  @Test
  void fencingAnEmptyLog() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      assertThat(fence(volume, new Epoch(4), new ArrayList<>()).position()).isEqualTo(START);
      assertThat(volume.reader.readTail(START, HEAD, entry -> true))
          .isInstanceOf(LogEnd.Fenced.class);
    }
  }

  @Test
  void fencingTwiceFindsTheFirstFence() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 3);
      LogEnd first = fence(volume, new Epoch(4), new ArrayList<>());
      LogEnd second = fence(volume, new Epoch(5), new ArrayList<>());
      assertThat(second).isEqualTo(first);
      assertThat(second.position()).isEqualTo(new LogPosition(EPOCH, 3));
    }
  }

  @Test
  void anEntryThatBeatsTheFenceCounts() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      write(volume, 2);
      LogPosition third = new LogPosition(EPOCH, 2);
      LogEntry.Groups late =
          new LogEntry.Groups(third, HEAD, 3, List.of(), List.of(new byte[] {'z'}), List.of());
      // The old owner's put lands between the new owner's read and its fence.
      volume.store.hold(Verb.PUT);
      List<String> read = new ArrayList<>();
      CompletableFuture<LogEnd> fencing = new CompletableFuture<>();
      volume
          .platform
          .waiting()
          .execute(
              () -> {
                try {
                  fencing.complete(fence(volume, new Epoch(4), read));
                } catch (IOException e) {
                  fencing.completeExceptionally(e);
                }
              });
      volume.store.awaitHeld(Verb.PUT, 1);
      volume.memory.put(third.key(), EntryCodec.frame(VOLUME, late).toBytes());
      volume.store.open(Verb.PUT);
      assertThat(fencing.get().position()).isEqualTo(third.next());
      assertThat(read).containsExactly("group 0", "group 1", "z");
    }
  }

  @Test
  void onlyALaterEpochFences() throws Exception {
    try (LogFixture volume = new LogFixture()) {
      assertThatThrownBy(() -> fence(volume, EPOCH, new ArrayList<>()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static LogEnd fence(LogFixture volume, Epoch by, List<String> read) throws IOException {
    OncePut once = new OncePut(volume.store, volume.platform);
    return LogFence.readAndFence(
        volume.reader,
        once,
        VOLUME,
        START,
        HEAD,
        by,
        "host b",
        entry -> read.addAll(LogFixture.texts(entry)));
  }

  private static List<String> write(LogFixture volume, int entries) throws ReplayFailure {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      String group = "group " + i;
      volume.log.sync(volume.append(group));
      written.add(group);
    }
    return written;
  }

  private static byte[] bytes(LogFixture volume, long sequence) throws StoreException {
    ByteBuffer found = volume.memory.get(key(sequence), ByteRange.ALL);
    byte[] bytes = new byte[found.remaining()];
    found.get(bytes);
    return bytes;
  }
}
