package io.strata.cli.daemon;

import io.strata.cli.volume.ScheduleReport;
import io.strata.fs.continuity.StateDirectory;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.StatePoint;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which volume is to be served, and how it is opened.
 *
 * @param url of the volume, in normal form
 * @param opening how it is opened
 * @param at which of the states that it was in is looked at; null for the present
 * @param followAgeMax how old may be what is shown of somebody else's volume; null if it is not
 *     followed
 * @param snapshots which snapshots are made while it is served; null for what the volume says
 * @param openingPatience how long to ask a store that does not answer until the volume is open;
 *     null for ever
 */
public record VolumeRequest(
    String url,
    OpenOptions opening,
    @Nullable StatePoint at,
    @Nullable Duration followAgeMax,
    @Nullable ScheduleReport snapshots,
    @Nullable Duration openingPatience) {
  public VolumeRequest {
    if (at != null && followAgeMax != null) {
      throw new IllegalArgumentException(
          "a state of the past does not go on: --at and --follow exclude each other");
    }
  }

  /** The same with a memory for clients. */
  public VolumeRequest withState(StateDirectory state) {
    return new VolumeRequest(
        url, opening.withState(state), at, followAgeMax, snapshots, openingPatience);
  }

  /** Whether nobody else who has the volume is in the way. */
  boolean looksOnly() {
    return at != null || opening.readOnly();
  }
}
