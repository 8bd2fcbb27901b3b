package io.strata.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.Backoff;
import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.ListPage;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import io.strata.store.StoreException;
import io.strata.store.Verb;
import io.strata.store.retry.RetryStore;
import io.strata.tests.store.AnswerTable.Row;
import io.strata.tests.store.VolumeObjects.Found;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of docs/uncertain-answers.md. */
final class UncertainAnswersTest {
  private static final Backoff QUICK = new Backoff(Duration.ofMillis(1), Duration.ofMillis(20));
  private static final byte[] BYTES = new byte[5000];
  private static final List<ObjectKey> TWO =
      List.of(new ObjectKey("seg/1"), new ObjectKey("seg/2"));

  private static Map<String, Found> objects = Map.of();
  private static Map<String, Found> others = Map.of();

  @BeforeAll
  static void makeObjects() throws Exception {
    objects = VolumeObjects.each(1, 2);
    others = VolumeObjects.each(3, 4);
  }

  private static boolean isPut(Row row) {
    return Stream.of(Verb.values()).noneMatch(verb -> verb.name().equals(row.subject()));
  }

  static Stream<Row> puts() throws IOException {
    return AnswerTable.rows().stream().filter(UncertainAnswersTest::isPut);
  }

  static Stream<Row> reads() throws IOException {
    return AnswerTable.rows().stream().filter(row -> !isPut(row));
  }

  static Stream<Arguments> putsOfEachKind() throws IOException {
    return puts().flatMap(row -> VolumeObjects.KINDS.stream().map(kind -> Arguments.of(row, kind)));
  }

  @Test
  void theTablesAreRead() throws IOException {
    assertThat(puts()).hasSizeGreaterThanOrEqualTo(36);
    assertThat(reads()).hasSizeGreaterThanOrEqualTo(21);
    assertThat(objects).containsOnlyKeys(VolumeObjects.KINDS);
  }

  @ParameterizedTest
  @MethodSource("putsOfEachKind")
  void putInMemory(Row row, String kind) throws StoreException {
    try (Stage stage = new Stage.InMemory()) {
      put(row, kind, stage);
    }
  }

  /** Kinds take turns: a server makes no difference between them. */
  @ParameterizedTest
  @MethodSource("puts")
  void putOnAServer(Row row) throws IOException {
    S3Lab.bucket();
    try (Stage stage = new Stage.OnServer()) {
      put(row, VolumeObjects.KINDS.get(row.number() % VolumeObjects.KINDS.size()), stage);
    }
  }

  @ParameterizedTest
  @MethodSource("reads")
  void readInMemory(Row row) throws StoreException {
    try (Stage stage = new Stage.InMemory()) {
      read(row, stage);
    }
  }

  @ParameterizedTest
  @MethodSource("reads")
  void readOnAServer(Row row) throws IOException {
    S3Lab.bucket();
    try (Stage stage = new Stage.OnServer()) {
      read(row, stage);
    }
  }

  /** Long after everything is decided the network delivers an old copy of a put. */
  @Test
  void aCopyThatArrivesLateChangesNothing() throws IOException {
    S3Lab.bucket();
    try (Stage stage = new Stage.OnServer()) {
      Found ours = object(objects, "head");
      stage.plain().put(ours.key(), Body.of(ours.bytes()), Condition.ABSENT);
      OncePut again = new OncePut(stage.plain(), stage.platform(), QUICK);

      assertThat(again.put(ours.key(), Body.of(object(others, "head").bytes())))
          .isEqualTo(OncePut.Outcome.TAKEN);
      assertThat(found(stage.plain(), ours.key())).isEqualTo(ours.bytes());
    }
  }

  private static void put(Row row, String kind, Stage stage) throws StoreException {
    Found ours = object(objects, kind);
    byte[] before = before(row.subject(), kind);
    if (before.length > 0) {
      stage.plain().put(ours.key(), Body.of(before), Condition.ABSENT);
    }

    OncePut puts = new OncePut(stage.faulty(row.steps()), stage.platform(), QUICK);
    String end = endOfPut(puts, ours);

    assertThat(end).isEqualTo(row.end());
    assertThat(stage.counted()).isEqualTo(row.requests());
    if (row.end().equals("stored")) {
      assertThat(found(stage.plain(), ours.key())).isEqualTo(ours.bytes());
    } else if (before.length > 0) {
      assertThat(found(stage.plain(), ours.key())).as("never overwritten").isEqualTo(before);
    } else {
      // Refused: once that is over, it goes out again, whether it was there or not.
      OncePut later = new OncePut(stage.plain(), stage.platform(), QUICK);
      assertThat(endOfPut(later, ours)).isEqualTo("stored");
    }
  }

  private static String endOfPut(OncePut puts, Found ours) throws StoreException {
    try {
      return switch (puts.put(ours.key(), Body.of(ours.bytes()))) {
        case STORED -> "stored";
        case TAKEN -> "taken";
      };
    } catch (StoreException.Refused e) {
      return "refused";
    }
  }

  private static byte[] before(String subject, String kind) {
    byte[] ours = object(objects, kind).bytes();
    byte[] almostOurs = ours.clone();
    almostOurs[ours.length / 2] ^= 1;
    return switch (subject) {
      case "nothing" -> new byte[0];
      case "ours" -> ours;
      case "almost ours" -> almostOurs;
      // What two put who recover is the same; another's is the old owner's.
      case "another's" ->
          object(others, kind.matches("recovered segment|tombstone") ? "segment" : kind).bytes();
      default -> throw new IllegalArgumentException("the table says: " + subject);
    };
  }

  private static void read(Row row, Stage stage) throws StoreException {
    for (ObjectKey key : TWO) {
      stage.plain().put(key, Body.of(BYTES), Condition.ABSENT);
    }

    ObjectStore store = new RetryStore(stage.faulty(row.steps()), stage.platform(), QUICK);
    String end = endOfRead(row, store);

    assertThat(stage.counted()).isEqualTo(row.requests());
    assertThat(end).isEqualTo(row.end());
    if (row.subject().equals("DELETE") && row.end().equals("absent")) {
      assertThat(stage.plain().list("", "", ListPage.KEYS_MAX).entries()).isEmpty();
    }
  }

  private static String endOfRead(Row row, ObjectStore store) throws StoreException {
    try {
      return switch (Verb.valueOf(row.subject())) {
        case GET -> whole(Arrays.equals(found(store, TWO.getFirst()), BYTES));
        case HEAD ->
            store
                .head(TWO.getFirst())
                .map(length -> whole(length == BYTES.length))
                .orElse("absent");
        case LIST -> whole(store.list("", "", ListPage.KEYS_MAX).entries().size() == TWO.size());
        case DELETE -> {
          store.delete(TWO);
          yield "absent";
        }
        case PUT -> throw new IllegalArgumentException("puts have a table of their own");
      };
    } catch (StoreException.Missing e) {
      return "absent";
    } catch (StoreException.Refused e) {
      return "refused";
    }
  }

  private static String whole(boolean whole) {
    return whole ? "whole" : "a part";
  }

  private static byte[] found(ObjectStore store, ObjectKey key) throws StoreException {
    ByteBuffer body = store.get(key, ByteRange.ALL);
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }

  private static Found object(Map<String, Found> from, String kind) {
    return Objects.requireNonNull(from.get(kind));
  }
}
