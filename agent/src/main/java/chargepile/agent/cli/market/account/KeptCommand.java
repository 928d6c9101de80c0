package chargepile.agent.cli.market.account;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chargepile market account claim}. */
@Command(
    name = "claim",
    sortOptions = false,
    description = {
      "Have what the market's contracts keep for this account paid to it: what orders came to, and"
          + " payouts of",
      "channels and bonds that the token refused before. The contracts are those of --config or"
          + " --evm."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class KeptCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private EnergyOptions options;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    options.act(
        out,
        (token, own, ledger) -> {
          LedgerSettings.Evm known =
              ledger.orElseThrow(
                  () ->
                      new CommandFailedException(
                          "of which contracts? Give a --config or --evm that names them"));
          List<Kept> kept = Kept.of(token, known, own.address());
          if (kept.isEmpty()) {
            EnergyOptions.said(out, "nothing is kept for " + own.address());
          }
          for (Kept each : kept) {
            EvmReceipt receipt = own.done(each.claim());
            EnergyOptions.said(
                out,
                "%s paid to %s by the %s, in block %d"
                    .formatted(
                        token.words(each.amount()), own.address(), each.what(), receipt.block()));
          }
        });
    return 0;
  }
}
