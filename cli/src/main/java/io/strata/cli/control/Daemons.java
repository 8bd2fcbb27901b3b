package io.strata.cli.control;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The daemons that run on this machine for this user. */
public final class Daemons {
  private static final Logger LOG = LoggerFactory.getLogger(Daemons.class);
  private static final String SUFFIX = ".sock";

  /** A socket of this age to which nobody listens belongs to nobody. */
  private static final Duration LEFT_BEHIND_AGE = Duration.ofMinutes(1);

  private final RuntimeDirectory directory;

  public Daemons(RuntimeDirectory directory) {
    this.directory = directory;
  }

  static Path socket(RuntimeDirectory directory, long pid) {
    return directory.path().resolve(pid + SUFFIX);
  }

  /** All that answer. Sockets that a killed daemon left behind are removed. */
  public List<DaemonIdentity> running() throws IOException {
    List<DaemonIdentity> running = new ArrayList<>();
    if (!Files.isDirectory(directory.path())) {
      return running;
    }
    try (DirectoryStream<Path> sockets = Files.newDirectoryStream(directory.path(), "*" + SUFFIX)) {
      for (Path socket : sockets) {
        identify(socket).ifPresent(running::add);
      }
    }
    return running;
  }

  private static Optional<DaemonIdentity> identify(Path socket) throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      return Optional.of(DaemonIdentity.of(client.ask(new ControlRequest.Identify())));
    } catch (ConnectException nobodyListens) {
      removeIfOld(socket);
      return Optional.empty();
    } catch (NoSuchFileException endedMeanwhile) {
      return Optional.empty();
    } catch (IOException endedWhileAsked) {
      LOG.debug("no answer on {}", socket, endedWhileAsked);
      return Optional.empty();
    }
  }

  /**
   * Removes what a killed daemon left behind, unless it is so young that a daemon with the same
   * process number, as each has in a container of its own, may have made it just now.
   */
  private static void removeIfOld(Path socket) throws IOException {
    try {
      Instant made = Files.getLastModifiedTime(socket).toInstant();
      if (made.isBefore(Instant.now().minus(LEFT_BEHIND_AGE))) {
        LOG.debug("removing {}, which a killed daemon left behind", socket);
        Files.delete(socket);
      }
    } catch (NoSuchFileException removedMeanwhile) {
      LOG.debug("{} was removed by somebody else", socket);
    }
  }

  /** A daemon of a volume: the one that may change it, if there is one. */
  public Optional<DaemonIdentity> ofVolume(String url) throws IOException {
    return running().stream()
        .filter(daemon -> daemon.url().equals(url))
        .min(Comparator.comparing(DaemonIdentity::readOnly));
  }

  /** The daemon of a volume that may change it. */
  public Optional<DaemonIdentity> ownerOf(String url) throws IOException {
    return running().stream()
        .filter(daemon -> daemon.url().equals(url) && !daemon.readOnly())
        .findAny();
  }

  /** The daemon of a mounted directory or a socket; one that is closing has none any more. */
  public Optional<DaemonIdentity> at(Path place) throws IOException {
    Path absolute = place.toAbsolutePath().normalize();
    return running().stream()
        .filter(daemon -> !daemon.closing() && daemon.places().contains(absolute))
        .findAny();
  }

  /** Connects to a daemon. */
  public ControlClient connect(DaemonIdentity daemon) throws IOException {
    return ControlClient.connect(socket(directory, daemon.pid()));
  }
}
