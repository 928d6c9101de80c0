package chargepile.agent.cli.market.verdict;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.BondVerdict;
import chargepile.agent.evm.market.RegisteredParty;
import chargepile.agent.identity.PartyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market verdict appeal} (P1-11). */
@Command(
    name = "appeal",
    sortOptions = false,
    description = {
      "Have the court rule on a verdict, as the accused's account or its bond's owner. If the court"
          + " says nothing",
      "in its time, the verdict has come to nothing."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AppealCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PARTY",
      description = "Who is accused (default: the device's own name).")
  private @Nullable String party;

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
          PartyId name = RegistryOptions.party(party, bench);
          RegisteredParty accused = bench.requireParty(name);
          BondVerdict verdict = bench.requireVerdict(name);
          if (!own.address().equals(accused.account()) && !own.address().equals(accused.owner())) {
            throw new CommandFailedException(
                "the account %s does not speak for %s, which has the account %s and the owner %s"
                    .formatted(own.address(), name, accused.account(), accused.owner()));
          }
          Instant now = bench.now();
          if (verdict.stage() != BondVerdict.Stage.OPEN || verdict.isDue(now)) {
            throw new CommandFailedException(
                "there is nothing to appeal against: %s"
                    .formatted(ShowVerdictCommand.words(verdict, now)));
          }
          EvmReceipt receipt = own.done(bench.verdicts().appeal(accused.id(), verdict));
          RegistryOptions.said(
              out,
              "%s has appealed, in block %d: %s"
                  .formatted(
                      name,
                      receipt.block(),
                      ShowVerdictCommand.words(bench.requireVerdict(name), bench.now())));
        });
    return 0;
  }
}
