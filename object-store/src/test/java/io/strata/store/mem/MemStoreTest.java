package io.strata.store.mem;

import static org.assertj.core.api.Assertions.assertThat;

import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.ObjectStore;
import io.strata.store.StoreContract;
import io.strata.store.StoreException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemStoreTest extends StoreContract {
  private static final ObjectKey A = new ObjectKey("a");
  private static final ObjectKey B = new ObjectKey("b");

  @Override
  protected ObjectStore open() {
    return new MemStore();
  }

  @Test
  void copyIsIndependent() throws StoreException {
    MemStore store = new MemStore();
    store.put(A, new byte[] {1});

    MemStore copy = store.copy();
    store.put(B, Body.of(new byte[] {2}), Condition.ABSENT);
    copy.delete(List.of(A));

    assertThat(store.keys()).containsExactly(A, B);
    assertThat(copy.keys()).isEmpty();
  }

  @Test
  void namedStoreOutlivesItsUser() {
    try (MemStore store = MemStore.named("namedStoreOutlivesItsUser")) {
      store.put(A, new byte[] {1});
    }

    assertThat(MemStore.named("namedStoreOutlivesItsUser").keys()).containsExactly(A);
  }
}
