package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market quote}: asks and bids of the trading cycle (P1-03, P1-42). */
@Command(
    name = "quote",
    description = "Asks and bids in the market's trading cycle, each good until its end.",
    subcommands = {
      QuotesCommand.class,
      PlaceCommand.class,
      ChangeCommand.class,
      CancelCommand.class
    })
public final class QuoteCommands extends CommandGroup {}
