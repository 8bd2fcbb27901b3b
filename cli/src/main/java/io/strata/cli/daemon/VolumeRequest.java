package io.strata.cli.daemon;

import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.volume.OpenOptions;
import java.time.Duration;

/**
 * Which volume is to be served, and how it is opened.
 *
 * @param url of the volume, in normal form
 * @param opening how it is opened
 * @param storeTimeout how long reads ask a store that does not answer
 */
public record VolumeRequest(String url, OpenOptions opening, Duration storeTimeout) {
  /** The same with a memory for clients. */
  public VolumeRequest withState(StateDirectory state) {
    return new VolumeRequest(url, opening.withState(state), storeTimeout);
  }
}
