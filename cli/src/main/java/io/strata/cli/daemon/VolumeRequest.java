package io.strata.cli.daemon;

import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.volume.OpenOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which volume is to be served, and how it is opened.
 *
 * @param url of the volume, in normal form
 * @param opening how it is opened
 * @param openingPatience how long to ask a store that does not answer until the volume is open;
 *     null for ever
 */
public record VolumeRequest(
    String url, OpenOptions opening, @Nullable Duration openingPatience) {
  /** The same with a memory for clients. */
  public VolumeRequest withState(StateDirectory state) {
    return new VolumeRequest(url, opening.withState(state), openingPatience);
  }
}
