package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile market verdict}: how a bond is lost (P1-11). */
@Command(
    name = "verdict",
    description = {
      "How a party that broke its word loses something of its bond to the one it harmed: the harmed"
          + " party signs",
      "a complaint, the agency brings it, the accused may appeal to the court, and what is final is"
          + " carried out."
    },
    subcommands = {
      ShowVerdictCommand.class,
      ComplainCommand.class,
      AccuseCommand.class,
      AppealCommand.class,
      RuleCommand.class,
      ConcludeCommand.class
    })
public final class VerdictCommands extends CommandGroup {}
