package io.strata.fs.volume;

import io.strata.checkpoint.format.KeepRule;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.Neighbour;
import io.strata.fs.Outdated;
import io.strata.fs.volume.VolumeException.Reason;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of a volume that is open for reading.
 *
 * @param list as it was when the volume was opened
 * @param schedule as it was then
 */
record ViewedSnapshots(List<NamedSnapshot> list, List<KeepRule> schedule) implements Snapshots {
  @Override
  public NamedSnapshot create(String name) throws VolumeException {
    throw readOnly();
  }

  @Override
  public NamedSnapshot keepFor(Neighbour clone, @Nullable StatePoint state)
      throws VolumeException {
    throw readOnly();
  }

  @Override
  public NamedSnapshot rollback(StatePoint target, Outdated outdated) throws VolumeException {
    throw readOnly();
  }

  @Override
  public void delete(Collection<String> names) throws VolumeException {
    throw readOnly();
  }

  @Override
  public void schedule(List<KeepRule> rules) throws VolumeException {
    throw readOnly();
  }

  private static VolumeException readOnly() {
    return new VolumeException(Reason.REFUSED, "the volume is open for reading only");
  }
}
