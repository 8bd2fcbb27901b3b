package io.strata.fuse.server;

import io.strata.fuse.abi.Opcode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What a session did so far.
 *
 * @param operations those that occurred, by opcode
 * @param waiting requests that wait for the store now
 * @param malformed messages that made no sense
 */
public record SessionStats(List<OperationStats> operations, int waiting, long malformed) {
  public SessionStats {
    operations = List.copyOf(operations);
  }

  /** What several sessions did together. */
  public static SessionStats sum(List<SessionStats> sessions) {
    Map<Opcode, OperationStats> operations = new EnumMap<>(Opcode.class);
    int waiting = 0;
    long malformed = 0;
    for (SessionStats session : sessions) {
      session.operations.forEach(
          operation -> operations.merge(operation.opcode(), operation, OperationStats::plus));
      waiting += session.waiting;
      malformed += session.malformed;
    }
    return new SessionStats(List.copyOf(operations.values()), waiting, malformed);
  }
}
