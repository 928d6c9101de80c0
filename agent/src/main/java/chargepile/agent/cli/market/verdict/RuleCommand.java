package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
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
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict rule} (P1-11). */
@Command(name = "rule", sortOptions = false, description = "Rule on an appeal, as the court.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class RuleCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PARTY", description = "Who is accused.")
  private String party;

  @ArgGroup(multiplicity = "1")
  private Ruling ruling;

  @Mixin private RegistryOptions options;
  @Mixin private CommonOptions common;

  /** One of them. */
  static final class Ruling {
    @Option(names = "--uphold", description = "The verdict stands, and is final.")
    private boolean upheld;

    @Option(names = "--overturn", description = "The verdict is gone.")
    @SuppressWarnings("UnusedVariable") // its being given says all
    private boolean overturned;
  }

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.act(
        out,
        (bench, own) -> {
          PartyId name = Parties.named(party);
          if (!own.address().equals(bench.verdicts().court())) {
            throw new CommandFailedException(
                "the account %s is not the court of this registry: %s is, and it alone rules"
                    .formatted(own.address(), bench.verdicts().court()));
          }
          BondVerdict verdict = bench.requireVerdict(name);
          Instant now = bench.now();
          if (verdict.stage() != BondVerdict.Stage.APPEALED || verdict.isDue(now)) {
            throw new CommandFailedException(
                "there is no appeal to rule on: %s"
                    .formatted(ShowVerdictCommand.words(verdict, now)));
          }
          EvmReceipt receipt =
              own.done(bench.verdicts().rule(RegistryContract.id(name), verdict, ruling.upheld));
          RegistryOptions.said(
              out,
              "the verdict against %s is %s, in block %d"
                  .formatted(
                      name,
                      ruling.upheld
                          ? "upheld; verdict conclude carries it out"
                          : "overturned; nothing more happens",
                      receipt.block()));
        });
    return 0;
  }
}
