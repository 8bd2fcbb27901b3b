package io.strata.fs.volume;

import io.strata.btree.Entry;
import io.strata.btree.PageMissing;
import io.strata.btree.Visitor;
import io.strata.fs.Metadata;
import io.strata.fs.SpaceUse;
import org.jspecify.annotations.Nullable;

/** The volume's state as operations see it; used under the volume's lock only. */
final class TreeView implements Metadata {
  /** What a volume without a quota says it could hold: 1 PiB. */
  private static final long CAPACITY_UNLIMITED = 1L << 50;

  private final VolumeState state;
  private final long capacityBytes;

  /**
   * A view of {@code state}.
   *
   * @param capacityBytes the quota; 0 for none
   */
  TreeView(VolumeState state, long capacityBytes) {
    this.state = state;
    this.capacityBytes = capacityBytes == 0 ? CAPACITY_UNLIMITED : capacityBytes;
  }

  @Override
  public byte @Nullable [] get(byte[] key) throws PageMissing {
    return state.tree().get(key);
  }

  @Override
  public void scan(byte[] from, byte[] toExclusive, Visitor visitor) throws PageMissing {
    state.tree().scan(from, toExclusive, visitor);
  }

  @Override
  public @Nullable Entry floor(byte[] key) throws PageMissing {
    return state.tree().floor(key);
  }

  @Override
  public SpaceUse spaceUse() {
    return new SpaceUse(capacityBytes, state.usedBytes(), state.inodes());
  }
}
