package io.strata.tests.takeover;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of one host: a namespace whose only way out is a cable (a veth pair) to this machine.
 * Confined to one thread.
 */
final class HostNetwork implements AutoCloseable {
  /** Where no frame finds anybody. */
  private static final String NOBODY = "02:00:00:00:00:01";

  private static final String INSIDE = "eth0";

  private final String name;
  private final String outside;
  private final String gateway;
  private final String address;

  private HostNetwork(String name, String outside, String gateway, String address) {
    this.name = name;
    this.outside = outside;
    this.gateway = gateway;
    this.address = address;
  }

  /** Ways to lose the store. */
  enum Cut {
    /** The cable is pulled at the far end: nothing arrives on either side. */
    CABLE,
    /** The host's own interface goes down: it is told at once that there is no way. */
    INTERFACE,
    /** Requests arrive, and every answer is lost. */
    ANSWERS
  }

  /**
   * Makes one.
   *
   * @param name of the namespace
   * @param number tells the networks of this machine apart, 0 to 16,383
   */
  static HostNetwork make(String name, int number) throws IOException {
    // 198.18.0.0/15 is set aside for benchmarks (RFC 2544): nobody is reached by it.
    int at = number * 4;
    String prefix = "198.18.%d.".formatted(at >> 8);
    HostNetwork network =
        new HostNetwork(
            name, "st" + number, prefix + ((at & 255) + 1), prefix + ((at & 255) + 2));
    Command.run("ip", "netns", "add", name);
    try {
      network.connect();
    } catch (IOException e) {
      network.close();
      throw e;
    }
    return network;
  }

  private void connect() throws IOException {
    Command.run(
        "ip", "link", "add", outside, "type", "veth", "peer", "name", INSIDE, "netns", name);
    Command.run("ip", "address", "add", gateway + "/30", "dev", outside);
    Command.run("ip", "link", "set", outside, "up");
    Command.run("ip", "-n", name, "address", "add", address + "/30", "dev", INSIDE);
    Command.run("ip", "-n", name, "link", "set", INSIDE, "up");
    Command.run("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** The address at which the host finds this machine. */
  String gateway() {
    return gateway;
  }

  /** What a command line begins with that is to run in it. */
  List<String> enter() {
    return new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + name));
  }

  void cut(Cut cut) throws IOException {
    switch (cut) {
      case CABLE -> Command.run("ip", "link", "set", outside, "down");
      case INTERFACE -> Command.run("ip", "-n", name, "link", "set", INSIDE, "down");
      case ANSWERS ->
          Command.run(
              "ip", "neigh", "replace", address, "lladdr", NOBODY, "dev", outside, "nud",
              "permanent");
    }
  }

  void restore(Cut cut) throws IOException {
    switch (cut) {
      case CABLE -> Command.run("ip", "link", "set", outside, "up");
      case INTERFACE -> Command.run("ip", "-n", name, "link", "set", INSIDE, "up");
      case ANSWERS -> Command.run("ip", "neigh", "del", address, "dev", outside);
    }
  }

  /** Removes it; the cable goes with the namespace. */
  @Override
  public void close() throws IOException {
    Command.run("ip", "netns", "del", name);
  }
}
