package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market publish}: listings (P2-05). */
@Command(
    name = "publish",
    description = "Listings of energy on the market's offer board, for all to read.",
    subcommands = {
      ListingsCommand.class,
      OfferCommand.class,
      AmendCommand.class,
      WithdrawCommand.class
    })
public final class PublishCommands extends CommandGroup {}
