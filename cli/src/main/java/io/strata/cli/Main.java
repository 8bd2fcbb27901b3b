package io.strata.cli;

import io.strata.cli.command.CommandTree;

/** Where the process begins. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status ({@code strata --help} lists them). */
  public static void main(String[] args) {
    System.exit(CommandTree.run(System.getenv(), args));
  }
}
