package chargepile.agent.cli.kgc;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile kgc}. */
@Command(
    name = "kgc",
    description = {
      "A key generation centre: registers piles and drivers, and gives them identity keys and"
          + " certificates.",
      "It works on the files of a folder and needs no network; serve takes requests over MQTT."
    },
    subcommands = {
      InitCommand.class,
      IssueCommand.class,
      RevokeCommand.class,
      ListCommand.class,
      ExportCommand.class,
      SealCommand.class,
      ServeCommand.class,
      PendingCommand.class,
      ApproveCommand.class,
      DenyCommand.class
    })
public final class KgcCommands extends CommandGroup {}
