package io.strata.tests.bench;

import io.strata.platform.SystemPlatform;
import io.strata.store.Body;
import io.strata.store.Condition;
import io.strata.store.ObjectKey;
import io.strata.store.file.FileStore;
import java.io.IOException;
import java.nio.file.Path;

/** Puts small objects into a {@code file:} store: the most that fsyncs one by one can reach. */
final class StorePuts implements MountWorkload.Phase {
  private static final int PUTS = 300;
  private static final int BYTES = 4096 + 512;

  private final Target where;
  private long last;

  /** Puts in one of the targets and does nothing in the others. */
  StorePuts(Target where) {
    this.where = where;
  }

  @Override
  public void run(Target target, Figures figures) throws IOException {
    if (!target.equals(where)) {
      return;
    }
    Path root = target.directory().resolve("store");
    try (FileStore store = FileStore.open(root, SystemPlatform.create())) {
      put(store);
      figures.measure(
          target.name(),
          "put 4.5 KiB into a file: store",
          "puts/s",
          PUTS,
          () -> {
            for (int i = 0; i < PUTS; i++) {
              put(store);
            }
          });
    }
  }

  private void put(FileStore store) throws IOException {
    ObjectKey key = new ObjectKey("log/%08x".formatted(++last));
    store.put(key, Body.of(new byte[BYTES]), Condition.ABSENT);
  }
}
