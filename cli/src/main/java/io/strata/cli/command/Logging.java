package io.strata.cli.command;

/**
 * How much is logged, to standard error. It is said in system properties, which SLF4J's simple
 * logger reads when the first logger is made: so before any command runs.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private Logging() {}

  /**
   * Sets it, as far as nobody has set it on Java's command line.
   *
   * @param verbose whether to tell what is done rather than what goes wrong
   * @param daemon whether lines go to a file, to be read later
   */
  static void configure(boolean verbose, boolean daemon) {
    set("defaultLogLevel", daemon ? "info" : "warn");
    if (verbose) {
      set("log.io.strata", "debug");
    }
    set("showThreadName", "false");
    set("showLogName", "false");
    set("showShortLogName", Boolean.toString(verbose));
    set("showDateTime", Boolean.toString(daemon || verbose));
    set("dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
    // Nobody is to read what a library says to itself.
    set("log.software.amazon.awssdk", "error");
    set("log.io.netty", "error");
  }

  private static void set(String name, String value) {
    if (System.getProperty(PREFIX + name) == null) {
      System.setProperty(PREFIX + name, value);
    }
  }
}
