package io.strata.cli.serving;

import io.strata.fs.view.IdMap;
import io.strata.fs.view.IdRange;
import io.strata.fs.view.View;
import io.strata.fuse.server.CacheMode;
import io.strata.vhost.fs.FsConfig;
import io.strata.vhost.socket.SocketAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of each socket, by options of the command for all of them, or behind the path of
 * one: {@code PATH,tag=home,subdir=/home,readonly}. A comma in a path or a value is written twice,
 * as for QEMU.
 *
 * @param tag by which the guest mounts
 * @param readOnly whether it can change nothing
 * @param subdirectory what it sees as the root; empty for all
 * @param cache what its kernel may keep
 * @param writeback whether that may hold written data back
 * @param uids its users as GUEST:VOLUME:COUNT
 * @param gids its groups likewise
 * @param queues how many request queues it may use
 * @param mode permissions of the socket
 * @param group of the socket; null for that of this process
 */
public record SocketSettings(
    String tag,
    boolean readOnly,
    String subdirectory,
    CacheMode cache,
    boolean writeback,
    List<String> uids,
    List<String> gids,
    int queues,
    int mode,
    @Nullable String group) {
  /** What holds where nothing is said. */
  public static final SocketSettings DEFAULT =
      new SocketSettings(
          "strata",
          false,
          "",
          CacheMode.AUTO,
          false,
          List.of(),
          List.of(),
          1,
          SocketAccess.MODE_DEFAULT,
          null);

  public SocketSettings {
    uids = List.copyOf(uids);
    gids = List.copyOf(gids);
  }

  /** A socket as it is written on the command line, with these settings where it says nothing. */
  public GuestSocket socket(String argument) {
    List<String> parts = parts(argument);
    SocketSettings settings = this;
    for (String part : parts.subList(1, parts.size())) {
      settings = settings.with(argument, part);
    }
    if (parts.getFirst().isEmpty()) {
      throw new IllegalArgumentException("'" + argument + "' names no path");
    }
    return settings.at(new SocketPlace.At(Path.of(parts.getFirst()).toAbsolutePath()));
  }

  /** A socket with these settings. */
  public GuestSocket at(SocketPlace place) {
    return new GuestSocket(
        place,
        new FsConfig(tag, queues),
        new View(readOnly, subdirectory, map(uids), map(gids)),
        cache,
        writeback,
        new SocketAccess(mode, group));
  }

  private static IdMap map(List<String> ranges) {
    return new IdMap(ranges.stream().map(IdRange::parse).toList());
  }

  /** Splits at single commas. */
  private static List<String> parts(String argument) {
    return Arrays.stream(argument.replace(",,", "\0").split(",", -1))
        .map(part -> part.replace('\0', ','))
        .toList();
  }

  private SocketSettings with(String argument, String part) {
    int equals = part.indexOf('=');
    String name = equals < 0 ? part : part.substring(0, equals);
    String value = equals < 0 ? null : part.substring(equals + 1);
    boolean flag = value == null || value.equals("on");
    if (value != null && !flag && isFlag(name) && !value.equals("off")) {
      throw new IllegalArgumentException("'%s': %s is on or off".formatted(argument, name));
    }
    if (value == null && !isFlag(name)) {
      throw new IllegalArgumentException("'%s': %s needs a value".formatted(argument, name));
    }
    String text = value == null ? "" : value;
    return switch (name) {
      case "tag" -> copy(text, readOnly, subdirectory, cache, writeback, uids, gids, queues);
      case "readonly" -> copy(tag, flag, subdirectory, cache, writeback, uids, gids, queues);
      case "subdir" -> copy(tag, readOnly, text, cache, writeback, uids, gids, queues);
      case "cache" ->
          copy(tag, readOnly, subdirectory, cacheMode(text), writeback, uids, gids, queues);
      case "writeback" -> copy(tag, readOnly, subdirectory, cache, flag, uids, gids, queues);
      case "uid-map" ->
          copy(tag, readOnly, subdirectory, cache, writeback, plus(uids, text), gids, queues);
      case "gid-map" ->
          copy(tag, readOnly, subdirectory, cache, writeback, uids, plus(gids, text), queues);
      case "queues" ->
          copy(tag, readOnly, subdirectory, cache, writeback, uids, gids, number(argument, text));
      default ->
          throw new IllegalArgumentException(
              "'%s': %s is none of tag, readonly, subdir, cache, writeback, uid-map, gid-map, queues"
                  .formatted(argument, name));
    };
  }

  private static boolean isFlag(String name) {
    return name.equals("readonly") || name.equals("writeback");
  }

  private static List<String> plus(List<String> ranges, String range) {
    List<String> more = new ArrayList<>(ranges);
    more.add(range);
    return more;
  }

  private static int number(String argument, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'%s': '%s' is no number".formatted(argument, text), e);
    }
  }

  /** A cache mode by its name on the command line. */
  public static CacheMode cacheMode(String text) {
    return Arrays.stream(CacheMode.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "cache '" + text + "' is none of never, auto, always"));
  }

  private SocketSettings copy(
      String newTag,
      boolean newReadOnly,
      String newSubdirectory,
      CacheMode newCache,
      boolean newWriteback,
      List<String> newUids,
      List<String> newGids,
      int newQueues) {
    return new SocketSettings(
        newTag,
        newReadOnly,
        newSubdirectory,
        newCache,
        newWriteback,
        newUids,
        newGids,
        newQueues,
        mode,
        group);
  }
}
