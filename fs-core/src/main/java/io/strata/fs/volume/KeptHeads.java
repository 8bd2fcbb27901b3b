package io.strata.fs.volume;

import io.strata.checkpoint.format.Head;
import io.strata.checkpoint.format.NamedSnapshot;
import io.strata.checkpoint.format.RetainedCheckpoint;
import io.strata.fs.volume.VolumeException.Reason;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The heads that the newest one keeps, as people name them. Every method throws if there is none.
 *
 * @param newest the newest head
 */
record KeptHeads(Head newest) {
  /** All of them by their numbers, the newest included. */
  NavigableMap<Long, RetainedCheckpoint> all() {
    NavigableMap<Long, RetainedCheckpoint> kept = new TreeMap<>();
    newest.snapshots().forEach(each -> kept.put(each.checkpoint().number(), each.checkpoint()));
    newest.retained().forEach(each -> kept.put(each.number(), each));
    kept.put(newest.number(), newest.asRetained());
    return kept;
  }

  RetainedCheckpoint named(String name) throws VolumeException {
    return newest.snapshots().stream()
        .filter(snapshot -> snapshot.name().equals(name))
        .map(NamedSnapshot::checkpoint)
        .findAny()
        .orElseThrow(
            () -> refused("there is no snapshot " + name + ": see strata snapshot list"));
  }

  RetainedCheckpoint numbered(long number) throws VolumeException {
    RetainedCheckpoint kept = all().get(number);
    if (kept == null) {
      throw refused(
          "head %d is not kept, or not any more: see strata recover for those that are"
              .formatted(number));
    }
    return kept;
  }

  /** The last that is not later than a time. */
  RetainedCheckpoint before(StatePoint.Moment moment) throws VolumeException {
    RetainedCheckpoint latest = null;
    for (RetainedCheckpoint each : all().values()) {
      if (!each.time().isAfter(moment.time())) {
        latest = each;
      }
    }
    if (latest == null) {
      RetainedCheckpoint oldest = all().firstEntry().getValue();
      throw refused(
          "nothing is kept from before %s: the oldest is head %d of %s"
              .formatted(moment, oldest.number(), oldest.time()));
    }
    return latest;
  }

  /** The tree that the whole volume can be made of again. */
  RetainedCheckpoint whole(StatePoint point) throws VolumeException {
    return switch (point) {
      case StatePoint.Named named -> named(named.name());
      case StatePoint.Numbered numbered -> numbered(numbered.head());
      case StatePoint.Moment moment -> before(moment);
      case StatePoint.Entry entry ->
          throw refused(
              "a volume goes back to a snapshot or a head; of log entry "
                  + entry
                  + " files can be copied, or all of it be mounted with --at");
    };
  }

  static VolumeException refused(String why) {
    return new VolumeException(Reason.REFUSED, why);
  }

  static VolumeException refused(String why, IOException cause) {
    return new VolumeException(Reason.REFUSED, why, cause);
  }
}
