package io.strata.store.s3;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to talk to the server.
 *
 * @param connectionsMax most connections, and requests under way, at a time; 1 or more
 * @param silenceMax how long a request may stand still before it counts as lost, however long it
 *     takes; more than zero. Megabytes just sent, and a batch of deletions, get some time more
 * @param idleMax how long a connection is kept that nobody uses; more than zero
 * @param authorities a file of certificates (PEM): who is trusted to vouch for the server, in the
 *     place of those that Java trusts; null: what AWS_CA_BUNDLE names, or else Java's
 */
public record S3Settings(
    int connectionsMax, Duration silenceMax, Duration idleMax, @Nullable Path authorities) {
  /**
   * What suits nearly everybody.
   *
   * <p>64 connections: at 30 ms a request they carry 2,000 requests a second, more than one mount
   * asks for, and a busy one has its uploads, its log entries and some tens of reads under way. A
   * quarter of a minute of silence: what a server that lives needs for one answer, with disks that
   * are busy and a packet or two lost on the way. Too little would do no harm, as a request that was
   * given up is sent again and its effect looked at first; too much is time lost when a server has
   * gone without a word. Half a minute idle: servers drop idle connections after about a minute, and
   * whoever is second loses a request.
   */
  public static final S3Settings DEFAULT =
      new S3Settings(64, Duration.ofSeconds(15), Duration.ofSeconds(30), null);

  public S3Settings {
    if (connectionsMax < 1 || connectionsMax > 10_000) {
      throw new IllegalArgumentException("connections must be 1 to 10000, not " + connectionsMax);
    }
    if (silenceMax.isNegative() || silenceMax.isZero()) {
      throw new IllegalArgumentException("no such limit of silence: " + silenceMax);
    }
    if (idleMax.isNegative() || idleMax.isZero()) {
      throw new IllegalArgumentException("no such limit of idleness: " + idleMax);
    }
  }

  /** The same with another number of connections. */
  public S3Settings withConnections(int connectionsMax) {
    return new S3Settings(connectionsMax, silenceMax, idleMax, authorities);
  }

  /** The same with another file of certificates. */
  public S3Settings withAuthorities(Path authorities) {
    return new S3Settings(connectionsMax, silenceMax, idleMax, authorities);
  }
}
