package io.strata.cli.command;

import picocli.CommandLine.Command;

@Command(
    name = "snapshot",
    description =
        "Keep states of a volume under names, list and compare them, and let them go. A snapshot"
            + " costs what changed since the last checkpoint, and from then on the room of what"
            + " only it needs. In a mount each is seen in .snapshots of the root, which is not"
            + " listed.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "  strata snapshot create /mnt before-upgrade",
      "  strata snapshot list file:/srv/volumes/a",
      "  strata snapshot schedule /mnt 1h:24,1d:7",
      "  strata snapshot diff /mnt before-upgrade",
      "  cp -a /mnt/.snapshots/before-upgrade/etc/fstab /mnt/etc/",
      "  strata snapshot delete /mnt before-upgrade"
    })
final class SnapshotCommand {}
