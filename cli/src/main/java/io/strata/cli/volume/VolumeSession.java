package io.strata.cli.volume;

import io.strata.cli.files.VolumeFiles;
import io.strata.fs.Caller;
import io.strata.fs.volume.OpenOptions;
import io.strata.fs.volume.OpeningEvents;
import io.strata.fs.volume.StatePoint;
import io.strata.fs.volume.Volume;
import io.strata.platform.Platform;
import io.strata.platform.SystemPlatform;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A volume that a command opens, uses and closes. */
public final class VolumeSession implements AutoCloseable {
  /** How long a command asks a store that does not answer. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Platform platform;
  private final StoreConnection connection;
  private final Volume volume;
  private final boolean readOnly;

  private VolumeSession(
      Platform platform, StoreConnection connection, Volume volume, boolean readOnly) {
    this.platform = platform;
    this.connection = connection;
    this.volume = volume;
    this.readOnly = readOnly;
  }

  /**
   * Opens a volume.
   *
   * @param patience how long to ask a store that does not answer
   */
  public static VolumeSession open(String url, OpenOptions options, Duration patience)
      throws IOException {
    return open(url, options, null, patience);
  }

  private static VolumeSession open(
      String url, OpenOptions options, @Nullable StatePoint at, Duration patience)
      throws IOException {
    Platform platform = SystemPlatform.create();
    StoreConnection connection = StoreConnection.open(url, patience, platform);
    try {
      return new VolumeSession(
          platform,
          connection,
          open(connection, options, at, platform, OpeningEvents.LOGGED),
          options.readOnly());
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Opens a volume to be served: once it is open its store is asked for ever, and the log tells
   * when that does not answer.
   *
   * @param at a state that it was in; null for the present
   * @param followAgeMax how old may be what is shown of somebody else's volume; null to open it as
   *     {@code options} say
   * @param patience how long to ask a store that does not answer until then; null for ever
   * @param events are told what is waited for until then
   */
  public static VolumeSession serving(
      String url,
      OpenOptions options,
      @Nullable StatePoint at,
      @Nullable Duration followAgeMax,
      @Nullable Duration patience,
      OpeningEvents events)
      throws IOException {
    Platform platform = SystemPlatform.create();
    StoreConnection connection = StoreConnection.open(url, patience, platform);
    OutageLog log = new OutageLog(connection.store().location());
    connection.tell(log);
    try {
      Volume volume =
          followAgeMax == null
              ? open(connection, options, at, platform, events)
              : Volume.follow(connection.store(), options, followAgeMax, platform);
      connection.persist();
      log.opened(volume);
      return new VolumeSession(platform, connection, volume, at != null || options.readOnly());
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Volume open(
      StoreConnection connection,
      OpenOptions options,
      @Nullable StatePoint at,
      Platform platform,
      OpeningEvents events)
      throws IOException {
    return at == null
        ? Volume.open(connection.store(), options, platform, events)
        : Volume.at(connection.store(), at, options, platform);
  }

  /**
   * Opens a volume to look at what its bucket holds; whoever owns it is not disturbed.
   *
   * @param at a state that it was in; null for the present
   */
  public static VolumeSession view(String url, @Nullable StatePoint at) throws IOException {
    return open(url, OpenOptions.DEFAULT.withReadOnly(true), at, PATIENCE);
  }

  /** The threads and clocks that it runs on. */
  public Platform platform() {
    return platform;
  }

  /** The store that it is in. */
  public StoreConnection connection() {
    return connection;
  }

  /** The volume. */
  public Volume volume() {
    return volume;
  }

  /** Whether it is only looked at. */
  public boolean readOnly() {
    return readOnly;
  }

  /** Its files, as root sees them. */
  public VolumeFiles files() {
    return new VolumeFiles(volume.fileSystem(), Caller.ROOT);
  }

  @Override
  public void close() throws IOException {
    try {
      volume.close();
    } finally {
      connection.close();
    }
  }
}
