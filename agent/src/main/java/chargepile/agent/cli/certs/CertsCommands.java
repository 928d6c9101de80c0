package chargepile.agent.cli.certs;

import chargepile.agent.cli.CommandGroup;
import picocli.CommandLine.Command;

/** {@code chargepile certs}. */
@Command(
    name = "certs",
    description = {
      "Certificates for TLS between piles, drivers, other clients and their broker:",
      "an authority of your own, and what it signs."
    },
    subcommands = {InitCommand.class, AddCommand.class})
public final class CertsCommands extends CommandGroup {}
