package io.strata.cli.command;

import io.strata.checkpoint.Heads;
import io.strata.checkpoint.VolumeObject;
import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.VolumeDescriptor;
import io.strata.cli.volume.StoreConnection;
import io.strata.cli.volume.VolumeSession;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import io.strata.store.ObjectStore;
import io.strata.store.OncePut;
import java.io.IOException;

/**
 * A volume's descriptor and newest head, read without opening it.
 *
 * @param volume what never changes about it
 * @param newest its newest head
 */
record VolumeHistory(VolumeDescriptor volume, Head newest) {
  /** Reads them. */
  static VolumeHistory read(String url) throws IOException, Failure {
    Platform platform = SystemPlatform.create();
    try (StoreConnection connection = StoreConnection.open(url, VolumeSession.PATIENCE, platform)) {
      ObjectStore store = connection.store();
      VolumeDescriptor volume =
          VolumeObject.read(store)
              .orElseThrow(
                  () ->
                      new Failure(
                          ExitStatus.NOT_READABLE,
                          "there is no volume at "
                              + store.location()
                              + ": check the URL, or make one with strata format"));
      Head newest =
          new Heads(store, new OncePut(store, platform), volume.id())
              .newest()
              .orElseThrow(
                  () ->
                      new Failure(
                          ExitStatus.NOT_READABLE,
                          "the volume at "
                              + store.location()
                              + " has no head: its format did not"
                              + " end, or its heads were deleted"))
              .head();
      return new VolumeHistory(volume, newest);
    }
  }
}
