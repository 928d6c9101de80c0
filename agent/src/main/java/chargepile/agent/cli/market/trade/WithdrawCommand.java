package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.market.order.ListingId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market publish withdraw}. */
@Command(
    name = "withdraw",
    sortOptions = false,
    description = "Sell no more of a listing of yours, for good. What is ordered already stays.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class WithdrawCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "LISTING", description = "Its number.")
  private long listing;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    ListingId id = ListingsCommand.id(listing);
    trading.act(
        out,
        desk -> {
          EvmReceipt receipt = desk.done(desk.market().offers().withdraw(id));
          Trading.said(
              out, "listing %d is withdrawn, in block %d".formatted(listing, receipt.block()));
        });
    return 0;
  }
}
