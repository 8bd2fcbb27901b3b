package io.strata.fs;

import io.strata.fs.schema.Mutation;
import java.util.List;

/** Learns of the groups that one operation writes. */
@FunctionalInterface
public interface GroupListener {
  /**
   * A group is about to be handed to the replay log. Called under the volume's exclusive lock: must
   * not wait.
   *
   * @param group its number in the log of this epoch
   * @throws FsException to end the operation; the group is not written then
   */
  void writing(long group, List<Mutation> mutations) throws FsException;
}
