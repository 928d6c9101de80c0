package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market bond}: what a pile has locked, apart from coming and going (P1-11). */
@Command(
    name = "bond",
    description = "Add to a pile's bond, or give it to another owner.",
    subcommands = {TopUpCommand.class, AssignCommand.class})
public final class BondCommands extends CommandGroup {}
