package io.strata.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.fault.GatedStore;
import io.strata.store.mem.MemStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class AheadTest {
  private static final int WIDTH = 4;

  private final MemStore memory = new MemStore();
  private final GatedStore store = new GatedStore(memory);
  private final Platform platform = SystemPlatform.create();
  private final List<ObjectKey> keys =
      IntStream.range(0, 20).mapToObj(i -> new ObjectKey("key/" + i)).toList();
  private final List<ObjectKey> used = new ArrayList<>();

  AheadTest() {
    keys.forEach(key -> memory.put(key, new byte[] {1}));
  }

  private void readAll() throws StoreException, InterruptedException {
    Ahead.<ObjectKey, ByteBuffer>each(
        platform,
        keys.iterator(),
        WIDTH,
        key -> store.get(key, ByteRange.ALL),
        (key, answer) -> used.add(key));
  }

  @Test
  void usesAnswersInOrderAndAsksOnceForEach() throws Exception {
    readAll();
    assertThat(used).isEqualTo(keys);
    assertThat(store.requests(Verb.GET)).isEqualTo(keys.size());
  }

  @Test
  void neverHasMoreOnTheWayThanItsWidth() throws Exception {
    store.hold(Verb.GET);
    keys.subList(0, 5).forEach(store::release);
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    platform
        .waiting()
        .execute(
            () -> {
              try {
                readAll();
                done.complete(true);
              } catch (StoreException | InterruptedException e) {
                done.completeExceptionally(e);
              }
            });

    assertThat(store.awaitHeld(Verb.GET, WIDTH))
        .containsExactlyInAnyOrderElementsOf(keys.subList(5, 5 + WIDTH));

    store.open(Verb.GET);
    assertThat(done.get()).isTrue();
    assertThat(used).isEqualTo(keys);
  }

  @Test
  void throwsWhatTheFirstFailureInOrderThrew() throws Exception {
    memory.delete(List.of(keys.get(7), keys.get(8)));
    assertThatThrownBy(this::readAll)
        .isInstanceOf(StoreException.Missing.class)
        .hasMessageContaining(keys.get(7).value());
    assertThat(used).isEqualTo(keys.subList(0, 7));
  }
}
