package io.strata.fuse.server;

import java.util.List;

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
}
