package io.strata.fsck;

import io.strata.fsck.repair.Held;
import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;
import java.io.IOException;

/** Checks volumes, and repairs them. */
public final class Fsck {
  private Fsck() {}

  /**
   * Checks the volume in a bucket. Only reads, also where it finds damage; a running owner is not
   * disturbed, and what it does in the meantime is told apart from damage as far as possible.
   *
   * <p>Blocks on the store, on the calling thread; what fails for the moment is not sent again, so
   * {@code store} should do that.
   *
   * @throws StoreException.Missing if the bucket holds no volume at all
   * @throws IllegalArgumentException if no such state is kept as is asked for
   * @throws StoreException if the store cannot be read: {@link FsckReport#EXIT_FAILED}
   * @throws InterruptedException if the thread is interrupted; nothing needs to be cleaned up
   */
  public static FsckReport check(ObjectStore store, FsckOptions options, Platform platform)
      throws StoreException, InterruptedException {
    return Check.settled(store, options, platform);
  }

  /**
   * Checks a volume and repairs what is wrong: by a new head, beside which the old one is kept, and
   * without overwriting or deleting anything. Writes nothing if nothing is wrong. May be killed
   * anywhere and run again.
   *
   * @throws Held if the volume has an owner who lives, or may
   * @throws IOException if the store fails
   * @throws InterruptedException if the thread is interrupted; the volume is as it was, or repaired
   */
  public static RepairReport repair(ObjectStore store, RepairOptions options, Platform platform)
      throws IOException, InterruptedException {
    return new Repair(store, options, platform).run();
  }
}
