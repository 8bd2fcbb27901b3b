package io.strata.cli.command;

import picocli.CommandLine.Command;

@Command(
    name = "checkpoint",
    description = "List a volume's checkpoints, or have one made now.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"  strata checkpoint list file:/srv/volumes/a", "  strata checkpoint now /mnt"})
final class CheckpointCommand {}
