package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market review}: the grid service agency's (P2-09, P2-10). */
@Command(
    name = "review",
    description = {
      "The grid service agency's reviews, and what it publishes for everybody to check them with.",
      "Whoever asks may read; the agency's account alone acts, or its deputy's in its own orders."
    },
    subcommands = {
      WaitingCommand.class,
      ReviewOrderCommand.class,
      VetoCommand.class,
      LimitsCommand.class,
      TablesCommand.class,
      PublishLimitsCommand.class,
      PublishLinesCommand.class,
      PublishTableCommand.class,
      PublishFeederCommand.class,
      PublishPileCommand.class
    })
public final class ReviewCommands extends CommandGroup {}
