package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.units.Amount;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code chargepile market orders claim}. */
@Command(
    name = "claim",
    sortOptions = false,
    description = "Have what orders have come to paid to this account.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ClaimCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    trading.act(
        out,
        desk -> {
          Amount owed = desk.market().orders().owed(desk.account(), BlockRef.LATEST);
          if (owed.value() == 0) {
            Trading.said(out, "nothing is owed to " + desk.account());
            return;
          }
          // Paid out since another sum was claimed: another claim.
          String occasion =
              "%d/%d"
                  .formatted(
                      owed.value(),
                      desk.market().token().balance(desk.account(), BlockRef.LATEST).value());
          EvmReceipt receipt = desk.done(desk.market().orders().claim(occasion, desk.account()));
          Trading.said(
              out,
              "%s paid to %s, in block %d"
                  .formatted(Lines.units(owed), desk.account(), receipt.block()));
        });
    return 0;
  }
}
