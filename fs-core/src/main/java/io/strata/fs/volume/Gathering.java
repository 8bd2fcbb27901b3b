package io.strata.fs.volume;

import io.strata.btree.BTree;
import io.strata.checkpoint.Retention;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.fs.FsException;
import io.strata.fs.volume.VolumeException.Reason;
import io.strata.store.Nonce;
import io.strata.store.lineage.Lineage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Makes a clone whole: copies what files refer to in segments of other volumes, has leaves that are
 * in packs of others written anew, and lets the checkpoints go that still refer to any of that.
 * Operations go on. Interrupted anywhere, it goes on from there when it is done again.
 *
 * @param tree the volume's
 * @param compactor copies segments
 * @param checkpointer writes pages
 * @param budget says how many dirty pages there may be
 * @param dead lets checkpoints go
 * @param heads tell when it is done
 */
record Gathering(
    TreeAccess tree,
    Compactor compactor,
    Checkpointer checkpointer,
    CheckpointBudget budget,
    DeadObjects dead,
    HeadKeeper heads) {
  /**
   * So many checkpoints later none is retained that was there before, and the next says so; twice,
   * for what died only meanwhile.
   */
  private static final int CHECKPOINTS_MAX = 2 * (Retention.RECENT_MIN + 4);

  /**
   * Does it.
   *
   * @throws VolumeException if snapshots share something still
   */
  void run() throws IOException, FsException {
    Head before = heads.current().head();
    Lineage lineage = before.lineage();
    if (lineage.isNone()) {
      return;
    }
    // Live bytes are as of a checkpoint, and what was tried once is not tried again before one.
    checkpointer.checkpointAnyway();
    compactor.gather(lineage);
    checkpointer.checkpointAnyway();
    compactor.compactStubborn();
    renewPages(lineage);
    checkpointer.checkpointAnyway();
    long whole = heads.current().head().number();
    dead.letGoBefore(whole);
    for (int i = 0; i < CHECKPOINTS_MAX && !heads.current().head().lineage().isNone(); i++) {
      checkpointer.checkpointAnyway();
    }
    if (!heads.current().head().lineage().isNone()) {
      throw new VolumeException(
          Reason.REFUSED, sharing(heads.current().head().snapshots(), whole));
    }
  }

  private static String sharing(List<NamedSnapshot> snapshots, long whole) {
    List<String> older =
        snapshots.stream()
            .filter(snapshot -> snapshot.checkpoint().number() < whole)
            .map(NamedSnapshot::name)
            .toList();
    return older.isEmpty()
        ? "something of the volume is still shared, such as a file that is being written: do this again"
        : "the volume itself shares nothing any more, but snapshots of it may: delete %s, and do this again"
            .formatted(String.join(", ", older));
  }

  private void renewPages(Lineage lineage) throws IOException {
    Optional<byte[]> at = Optional.of(new byte[0]);
    while (at.isPresent()) {
      byte[] key = at.get();
      at =
          tree.exclusively(
              () -> {
                BTree pages = tree.state().tree();
                byte[] next =
                    pages.renew(
                        key, address -> lineage.isForeign(new Nonce(address.pack())));
                pages.trim();
                return Optional.ofNullable(next);
              });
      if (budget.wantsCheckpoint()) {
        checkpointer.checkpointAnyway();
      }
    }
  }
}
