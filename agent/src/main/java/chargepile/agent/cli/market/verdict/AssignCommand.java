package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.market.chain.AddressConverter;
import chargepile.agent.cli.market.chain.Parties;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.TransactionIntent;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market bond assign} (P1-11). */
@Command(
    name = "assign",
    sortOptions = false,
    description = {
      "Give a bond of this account's to another owner, as a company does that changes its account,"
          + " before it does.",
      "The new owner gets the bond in the end, and may take the party out; nothing gives it back."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AssignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PARTY", description = "Whose bond: its name in the registry.")
  private String party;

  @Option(
      names = "--to",
      paramLabel = "ADDRESS",
      required = true,
      converter = AddressConverter.class,
      description = "The account that owns it from now on.")
  private EvmAddress owner;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.act(
        out,
        (bench, own) -> {
          RegisteredParty known = bench.requireParty(Parties.named(party));
          TransactionIntent assigning =
              bench
                  .registry()
                  .assignBond("from %s to %s".formatted(own.address(), owner), known.id(), owner);
          if (!own.isBegun(assigning)) {
            if (known.owner().equals(owner)) {
              RegistryOptions.said(out, "%s owns the bond of %s already".formatted(owner, party));
              return;
            }
            if (!known.owner().equals(own.address())) {
              throw new CommandFailedException(
                  "the bond of %s is not the account %s's: %s owns it"
                      .formatted(party, own.address(), known.owner()));
            }
          }
          EvmReceipt receipt = own.done(assigning);
          RegistryOptions.said(
              out, "the bond of %s is %s's, in block %d".formatted(party, owner, receipt.block()));
        });
    return 0;
  }
}
