package io.strata.tests.guest;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A guest to be.
 *
 * @param name names its logs
 * @param script the script of {@code tests/guests} that it runs, without {@code .sh}
 * @param parameters environment variables of the script
 * @param devices the socket that each tag is served on
 * @param memoryMib its memory
 * @param limit after this it is killed, and the test has failed
 * @param reboots whether a reboot boots it again; otherwise it ends there
 */
public record GuestSpec(
    String name,
    String script,
    Map<String, String> parameters,
    Map<String, Path> devices,
    int memoryMib,
    Duration limit,
    boolean reboots) {
  /** The tag of a guest's only device. */
  public static final String TAG = "strata";

  public GuestSpec {
    parameters = Map.copyOf(parameters);
    devices = Map.copyOf(devices);
  }

  /** A guest of 256 MiB with one device and two minutes. */
  public static GuestSpec of(String script, Path socket) {
    return new GuestSpec(
        script, script, Map.of(), Map.of(TAG, socket), 256, Duration.ofMinutes(2), false);
  }

  /** The same under another name. */
  public GuestSpec named(String value) {
    return new GuestSpec(value, script, parameters, devices, memoryMib, limit, reboots);
  }

  /** The same with one more parameter. */
  public GuestSpec with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(key, value);
    return new GuestSpec(name, script, more, devices, memoryMib, limit, reboots);
  }

  /** The same with these devices instead. */
  public GuestSpec serving(Map<String, Path> value) {
    return new GuestSpec(name, script, parameters, value, memoryMib, limit, reboots);
  }

  /** The same with more memory and more time. */
  public GuestSpec sized(int mib, Duration time) {
    return new GuestSpec(name, script, parameters, devices, mib, time, reboots);
  }

  /** The same, booting again when it reboots. */
  public GuestSpec rebooting() {
    return new GuestSpec(name, script, parameters, devices, memoryMib, limit, true);
  }
}
