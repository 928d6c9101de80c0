package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.cli.market.chain.Parties;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.identity.PartyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict conclude} (P1-11). */
@Command(
    name = "conclude",
    sortOptions = false,
    description = {
      "Carry out a verdict that is final, or end one that has lapsed; anybody may. The harmed"
          + " party's owner is paid",
      "at once, or claims it where the token refuses (market account claim)."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ConcludeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PARTY", description = "Who is accused.")
  private String party;

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
          PartyId name = Parties.named(party);
          BondVerdict verdict = bench.requireVerdict(name);
          Instant now = bench.now();
          if (!verdict.isDue(now)) {
            throw new CommandFailedException(
                "the verdict against %s is not final yet: %s"
                    .formatted(name, ShowVerdictCommand.words(verdict, now)));
          }
          EvmReceipt receipt =
              own.done(bench.verdicts().conclude(RegistryContract.id(name), verdict));
          RegistryOptions.said(
              out,
              verdict.stage() == BondVerdict.Stage.APPEALED
                  ? "the verdict against %s has lapsed, in block %d"
                      .formatted(name, receipt.block())
                  : "%s lost %s units of its bond to %s, in block %d"
                      .formatted(
                          name,
                          Figures.grouped(verdict.amount().value()),
                          verdict.payee(),
                          receipt.block()));
        });
    return 0;
  }
}
