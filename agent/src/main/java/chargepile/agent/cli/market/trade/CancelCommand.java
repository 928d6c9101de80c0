package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.market.Quote;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market quote cancel}. */
@Command(
    name = "cancel",
    sortOptions = false,
    description = "Take what is left of a quote of yours out of the book.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class CancelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "QUOTE", description = "Its number.")
  private long number;

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
          MarketClock clock = desk.market().quotes().clock(BlockRef.LATEST);
          Quote quote = QuotesCommand.find(desk.market(), number);
          EvmReceipt receipt =
              desk.done(desk.market().quotes().withdraw(clock.cycle(), quote.side(), quote.id()));
          Trading.said(
              out, "quote %d is out of the book, in block %d".formatted(number, receipt.block()));
        });
    return 0;
  }
}
