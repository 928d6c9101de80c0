package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile driver}. */
@Command(
    name = "driver",
    description = "A driver's wallet at one pile: charge, look, see receipts, close the channel.",
    subcommands = {
      ChargeCommand.class,
      StatusCommand.class,
      ReceiptsCommand.class,
      CloseCommand.class
    })
public final class DriverCommands extends CommandGroup {}
