package io.strata.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "completion",
    description = "Print a script that makes bash and zsh complete strata's commands and options.",
    footer = {
      "  source <(strata completion)",
      "  strata completion > /etc/bash_completion.d/strata"
    })
final class CompletionCommand implements Runnable {
  private final Terminal terminal;

  CompletionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    CommandLine tree = CommandTree.create(terminal);
    terminal.out().print(AutoComplete.bash("strata", tree));
    terminal.out().flush();
  }
}
