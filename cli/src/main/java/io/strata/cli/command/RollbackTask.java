package io.strata.cli.command;

import io.strata.cli.control.ControlRequest;
import io.strata.cli.output.Output;
import io.strata.cli.volume.RollbackReport;
import io.strata.cli.volume.SnapshotReport;
import io.strata.fs.Outdated;
import io.strata.fs.volume.StatePoint;
import java.io.IOException;

/**
 * Takes a volume back to a state that it was in, and tells how that is undone.
 *
 * @param owner who does it
 */
record RollbackTask(Terminal terminal, OwnerTask owner) {
  void run(StatePoint state, boolean json) throws IOException, Failure {
    SnapshotReport left =
        owner.run(
            new ControlRequest.Rollback(state.toString()),
            SnapshotReport::of,
            owned -> SnapshotReport.of(owned.snapshots().rollback(state, Outdated.NOBODY)));
    Output.print(new RollbackReport(state.toString(), left), json, terminal.out());
  }
}
