package io.strata.fs.volume;

import io.strata.checkpoint.format.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Who this process is, and whether another owner on this machine still lives.
 *
 * <p>Facts from proc(5): {@code /proc/sys/kernel/random/boot_id} tells one boot from the next, the
 * start time in field 22 of {@code /proc/PID/stat} one process from a later one with its number, and
 * {@code /proc/self/ns/pid} in which PID namespace that number means anything.
 */
public final class Owners {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int START_TIME_FIELD = 22;

  private final String host;
  private final String boot;

  /**
   * Owners as they look from a machine.
   *
   * @param boot one run of it, a blank and a PID namespace; empty if not known
   */
  Owners(String host, String boot) {
    this.host = host;
    this.boot = boot;
  }

  /** As they look from this process. */
  public static Owners here() {
    return new Owners(hostName(), boot());
  }

  /** What is known of an owner's life. */
  public enum Life {
    /** Its process has ended. */
    ENDED,
    /** Its process runs. */
    ALIVE,
    /** It was elsewhere: nothing can be known. */
    UNKNOWN
  }

  /** This process. */
  public Owner self(RandomGenerator random) {
    long pid = ProcessHandle.current().pid();
    return new Owner(
        host,
        boot,
        pid,
        startTime(pid),
        new UUID(random.nextLong(), random.nextLong()),
        "process %d on %s".formatted(pid, host));
  }

  /** Whether an owner is this process itself. */
  boolean isThisProcess(Owner owner) {
    return owner.host().equals(host)
        && owner.bootId().equals(boot)
        && owner.pid() == ProcessHandle.current().pid()
        && owner.pidStartTime() == startTime(owner.pid());
  }

  /** Whether another process that opened a volume may still write to it. */
  public Life life(Owner owner) {
    if (boot.isEmpty() || owner.bootId().isEmpty() || !owner.host().equals(host)) {
      return Life.UNKNOWN;
    }
    String[] mine = boot.split(" ", 2);
    String[] its = owner.bootId().split(" ", 2);
    if (!mine[0].equals(its[0])) {
      return Life.ENDED; // this machine was started anew since
    }
    if (!boot.equals(owner.bootId())) {
      return Life.UNKNOWN; // in another container of this machine
    }
    boolean runs =
        ProcessHandle.of(owner.pid()).isPresent()
            && startTime(owner.pid()) == owner.pidStartTime();
    return runs ? Life.ALIVE : Life.ENDED;
  }

  /** Boot and PID namespace; empty where proc(5) is missing. */
  private static String boot() {
    try {
      return Files.readString(BOOT_ID).strip()
          + " "
          + Files.readSymbolicLink(Path.of("/proc/self/ns/pid"));
    } catch (IOException e) {
      return "";
    }
  }

  private static long startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // The name in field 2 is in parentheses and may contain anything.
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(afterName[START_TIME_FIELD - 3]);
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "unknown host";
      }
    }
  }
}
