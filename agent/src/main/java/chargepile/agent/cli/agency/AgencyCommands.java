package chargepile.agent.cli.agency;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile agency}. */
@Command(
    name = "agency",
    description = {
      "The grid service agency on its server: reviews what is ordered on a market.",
      "What it publishes, such as limits and feeders, is published with market review."
    },
    subcommands = {RunCommand.class, AccountCommand.class})
public final class AgencyCommands extends CommandGroup {}
