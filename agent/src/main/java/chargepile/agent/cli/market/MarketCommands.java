package chargepile.agent.cli.market;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market}. */
@Command(
    name = "market",
    description = "The market of a trading cycle: who sells energy to whom, and for how much.",
    subcommands = {MatchCommand.class})
public final class MarketCommands extends CommandGroup {}
