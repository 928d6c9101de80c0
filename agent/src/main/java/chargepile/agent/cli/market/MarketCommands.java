package chargepile.agent.cli.market;

import chargepile.agent.cli.CommandGroup;
import chargepile.agent.cli.market.account.AccountCommand;
import chargepile.agent.cli.market.chain.DeployCommand;
import chargepile.agent.cli.market.chain.LeaveCommand;
import chargepile.agent.cli.market.chain.RegisterCommand;
import chargepile.agent.cli.market.chain.StatusCommand;
import chargepile.agent.cli.market.trade.OrdersCommands;
import chargepile.agent.cli.market.trade.PublishCommands;
import chargepile.agent.cli.market.trade.QuoteCommands;
import chargepile.agent.cli.market.trade.ReviewCommands;
import chargepile.agent.cli.market.verdict.BondCommands;
import chargepile.agent.cli.market.verdict.RevokeCommand;
import chargepile.agent.cli.market.verdict.VerdictCommands;
import picocli.CommandLine.Command;

/** {@code chargepile market}. */
@Command(
    name = "market",
    description = "The market of a trading cycle: who sells energy to whom, and for how much.",
    subcommands = {
      MatchCommand.class,
      PublishCommands.class,
      QuoteCommands.class,
      OrdersCommands.class,
      ReviewCommands.class,
      DeployCommand.class,
      RegisterCommand.class,
      LeaveCommand.class,
      StatusCommand.class,
      AccountCommand.class,
      VerdictCommands.class,
      RevokeCommand.class,
      BondCommands.class
    })
public final class MarketCommands extends CommandGroup {}
