package io.strata.fs.volume;

import io.strata.btree.PageMissing;
import io.strata.fs.Change;
import io.strata.fs.Metadata;
import io.strata.fs.Operation;
import io.strata.fs.schema.Extent;
import io.strata.fs.schema.Mutation;
import io.strata.fs.schema.Timestamp;
import io.strata.fs.schema.TreeKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes extents refer to where their bytes have been copied, in one group. One that has changed
 * since is left as it is: then its copy is garbage. Neighbours that the copy brought together become
 * one extent.
 *
 * @param moves in the order of {@link LiveExtent#BY_FILE}
 */
record Relocation(List<Move> moves) implements Operation<Integer> {
  Relocation {
    moves = List.copyOf(moves);
  }

  /**
   * One extent.
   *
   * @param from as it was
   * @param to the same bytes of the same file, elsewhere
   */
  record Move(LiveExtent from, Extent to) {}

  /** Answers how many of the extents moved. */
  @Override
  public Change<Integer> run(Metadata metadata, Timestamp now) throws PageMissing {
    List<Mutation> mutations = new ArrayList<>();
    int moved = 0;
    Mutation.@Nullable ExtentPut last = null;
    for (Move move : moves) {
      LiveExtent from = move.from;
      byte[] found = metadata.get(TreeKeys.extent(from.ino(), from.extent().fileOffset()));
      if (!Arrays.equals(found, from.extent().encode())) {
        continue;
      }
      moved++;
      if (last != null && last.ino().equals(from.ino()) && last.extent().joins(move.to)) {
        mutations.remove(last);
        mutations.add(new Mutation.ExtentDelete(from.ino(), move.to.fileOffset()));
        last = new Mutation.ExtentPut(from.ino(), last.extent().join(move.to));
      } else {
        last = new Mutation.ExtentPut(from.ino(), move.to);
      }
      mutations.add(last);
    }
    return new Change<>(mutations, moved);
  }
}
