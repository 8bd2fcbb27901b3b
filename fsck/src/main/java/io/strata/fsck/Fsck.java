package io.strata.fsck;

import io.strata.platform.Platform;
import io.strata.store.ObjectStore;
import io.strata.store.StoreException;

/** Checks volumes. */
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
   * @throws StoreException if the store cannot be read: {@link FsckReport#EXIT_FAILED}
   * @throws InterruptedException if the thread is interrupted; nothing needs to be cleaned up
   */
  public static FsckReport check(ObjectStore store, FsckOptions options, Platform platform)
      throws StoreException, InterruptedException {
    return new Check(store, options, platform).run();
  }
}
