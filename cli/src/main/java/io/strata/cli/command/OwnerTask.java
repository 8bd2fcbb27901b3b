package io.strata.cli.command;

import io.strata.cli.control.ControlClient;
import io.strata.cli.control.ControlRequest;
import io.strata.cli.option.OpeningOptions;
import io.strata.cli.option.VolumeUrl;
import io.strata.cli.output.JsonTree;
import io.strata.cli.volume.VolumeSession;
import io.strata.fs.volume.Volume;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that only a volume's owner can do: the daemon of this user that has it, or, if there is
 * none, this process, which opens the volume for as long as that takes.
 *
 * @param terminal whose environment says where daemons are
 * @param volume a URL, or where it is mounted
 * @param opening how it is opened
 */
record OwnerTask(Terminal terminal, String volume, OpeningOptions opening) {
  /** The same without a daemon. */
  @FunctionalInterface
  interface Work<T> {
    T on(Volume owned) throws IOException;
  }

  /**
   * Has it done.
   *
   * @param request what a daemon is asked
   * @param answer reads its reply
   * @param work what is done if there is no daemon
   */
  <T> T run(ControlRequest request, Function<JsonTree, T> answer, Work<T> work)
      throws IOException, Failure {
    Optional<ControlClient> owner = new RunningVolumes(terminal).connectToOwner(volume);
    if (owner.isPresent()) {
      try (ControlClient daemon = owner.get()) {
        return answer.apply(daemon.ask(request));
      }
    }
    try (VolumeSession session =
        VolumeSession.open(
            VolumeUrl.normal(volume),
            opening.toOptions(false, Runtime.getRuntime().maxMemory()),
            VolumeSession.PATIENCE)) {
      return work.on(session.volume());
    }
  }
}
