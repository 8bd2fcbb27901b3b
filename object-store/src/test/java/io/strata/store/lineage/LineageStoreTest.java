package io.strata.store.lineage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.store.Body;
import io.strata.store.ByteRange;
import io.strata.store.Condition;
import io.strata.store.Epoch;
import io.strata.store.ListPage;
import io.strata.store.Nonce;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectNames;
import io.strata.store.ObjectStore;
import io.strata.store.Place;
import io.strata.store.StoreException;
import io.strata.store.VolumeId;
import io.strata.store.mem.MemStore;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A clone of a clone: epochs up to 3 are the first's, up to 5 the second's, then its own. */
final class LineageStoreTest {
  private static final VolumeId FIRST = new VolumeId(new UUID(1, 1));
  private static final VolumeId SECOND = new VolumeId(new UUID(2, 2));
  private static final VolumeId OWN = new VolumeId(new UUID(3, 3));

  private static final Lineage LINEAGE =
      Lineage.NONE
          .cloned(Lineage.NONE, new Epoch(3), FIRST, new Place("../first"))
          .cloned(
              new Lineage(List.of(new Ancestor(new Epoch(3), FIRST, new Place("../first")))),
              new Epoch(5),
              SECOND,
              new Place("../../x/second"));

  private final MemStore bucket = new MemStore();
  private MemStore first;
  private MemStore second;
  private MemStore own;
  private ObjectStore all;

  @BeforeEach
  void open() throws StoreException {
    first = bucket.elsewhere(new Place("../x/first"));
    second = bucket.elsewhere(new Place("../x/second"));
    own = bucket.elsewhere(new Place("../y/own"));
    all = LineageStore.of(own, LINEAGE);
  }

  private static ObjectKey segment(int epoch) {
    return ObjectNames.segment(Nonce.of(new Epoch(epoch), 7));
  }

  private static void put(ObjectStore store, ObjectKey key, String text) throws StoreException {
    store.put(key, Body.of(text.getBytes(UTF_8)), Condition.ABSENT);
  }

  private String read(ObjectKey key) throws StoreException {
    return UTF_8.decode(all.get(key, ByteRange.ALL)).toString();
  }

  @Test
  void whoseAnObjectIsFollowsFromItsEpoch() throws StoreException {
    for (int epoch = 1; epoch <= 7; epoch++) {
      put(first, segment(epoch), "first");
      put(second, segment(epoch), "second");
      put(own, segment(epoch), "own");
    }
    assertThat(read(segment(3))).isEqualTo("first");
    assertThat(read(segment(4))).isEqualTo("second");
    assertThat(read(segment(5))).isEqualTo("second");
    assertThat(read(segment(6))).isEqualTo("own");
    assertThat(LINEAGE.volume(Nonce.of(new Epoch(2), 0), OWN)).isEqualTo(FIRST);
    assertThat(LINEAGE.volume(Nonce.of(new Epoch(5), 0), OWN)).isEqualTo(SECOND);
    assertThat(LINEAGE.volume(Nonce.of(new Epoch(6), 0), OWN)).isEqualTo(OWN);
  }

  @Test
  void headsAndLogsAreAlwaysOnesOwn() throws StoreException {
    put(first, ObjectNames.log(new Epoch(1), 0), "first");
    put(own, ObjectNames.head(1), "own");
    assertThat(read(ObjectNames.head(1))).isEqualTo("own");
    assertThat(all.head(ObjectNames.log(new Epoch(1), 0))).isEmpty();
  }

  @Test
  void whatIsNotOnesOwnIsOnlyRead() throws StoreException {
    put(first, segment(1), "first");
    assertThatThrownBy(() -> put(all, segment(2), "mine"))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining(first.location());
    assertThatThrownBy(() -> all.delete(List.of(segment(9), segment(1))))
        .isInstanceOf(StoreException.Refused.class);
    assertThat(first.keys()).containsExactly(segment(1));
    assertThat(own.keys()).isEmpty();
    assertThat(all.list("", "", ListPage.KEYS_MAX).entries()).isEmpty();
  }

  @Test
  void whatIsMissingIsToldByItsPlace() {
    assertThatThrownBy(() -> all.get(segment(1), ByteRange.ALL))
        .isInstanceOf(StoreException.Missing.class)
        .hasMessageContaining(first.location());
  }
}
