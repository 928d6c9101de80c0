package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.QuoteLog;
import chargepile.agent.market.Quote;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market quote change}. */
@Command(
    name = "change",
    sortOptions = false,
    description = {
      "Give an open quote of yours another price or energy (a re-quote). Less energy keeps its"
          + " place;",
      "another price, or more energy, is a new quote with a new number."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class ChangeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "QUOTE", description = "Its number.")
  private long number;

  @Option(
      names = "--price",
      paramLabel = "N",
      required = true,
      description = "For a kWh, in the token's smallest unit.")
  private long price;

  @Option(
      names = "--energy-wh",
      paramLabel = "N",
      required = true,
      description = "What is wanted from now on, in Wh, whatever was traded before.")
  private long energy;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Amount perKwh = Arguments.amount("--price", price);
    WattHours much = Arguments.energy("--energy-wh", energy);
    trading.act(
        out,
        desk -> {
          MarketClock clock = desk.market().quotes().clock(BlockRef.LATEST);
          Quote quote = QuotesCommand.find(desk.market(), number);
          EvmReceipt receipt =
              desk.done(
                  desk.market()
                      .quotes()
                      .requote(
                          price + "/" + energy,
                          clock.cycle(),
                          quote.side(),
                          quote.id(),
                          perKwh,
                          much));
          receipt.logs().stream()
              .flatMap(log -> desk.market().quotes().decode(log).stream())
              .forEach(
                  log -> {
                    if (log instanceof QuoteLog.Requoted now) {
                      Trading.said(
                          out,
                          now.id().equals(now.previous())
                              ? "quote %s keeps its place, in block %d"
                                  .formatted(now.id(), receipt.block())
                              : "quote %s stands for quote %s now, in block %d"
                                  .formatted(now.id(), now.previous(), receipt.block()));
                    }
                  });
        });
    return 0;
  }
}
