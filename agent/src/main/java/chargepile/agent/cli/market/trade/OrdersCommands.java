package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market orders}: an order's life, step by step (P2-06 to P2-12). */
@Command(
    name = "orders",
    description = {
      "Orders of energy with both sides' money in escrow. The buyer requests; the seller confirms"
          + " or refuses;",
      "both sign; the agency reviews; then it is put on record, delivered and settled. What nobody"
          + " answers in time",
      "expires, and both have their money back."
    },
    subcommands = {
      OrdersCommand.class,
      ShowOrderCommand.class,
      RequestCommand.class,
      OrderStepCommands.Confirm.class,
      OrderStepCommands.Refuse.class,
      OrderStepCommands.Sign.class,
      OrderStepCommands.OnRecord.class,
      OrderStepCommands.Begin.class,
      AcknowledgeCommand.class,
      SettleCommand.class,
      MeterCommand.class,
      OrderStepCommands.Expire.class,
      ClaimCommand.class
    })
public final class OrdersCommands extends CommandGroup {}
