package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.QuoteLog;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market quote place}. */
@Command(
    name = "place",
    sortOptions = false,
    description = {
      "Quote in the present cycle: the least that you sell for, or the most that you buy for.",
      "Prints the quote's number, which is also its place among equal prices."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PlaceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SIDE", description = "ask to sell, bid to buy.")
  private Side side;

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
      description = "How much, in Wh.")
  private long energy;

  @Option(
      names = "--instead-of",
      paramLabel = "QUOTE",
      description = {
        "In a full book: a quote of a worse price on the same side, whose party has more of them",
        "than you. It gives way."
      })
  private @Nullable Long insteadOf;

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
          EvmReceipt receipt =
              desk.done(
                  desk.market()
                      .quotes()
                      .quote(
                          price + "/" + energy,
                          clock.cycle(),
                          side,
                          perKwh,
                          much,
                          Optional.ofNullable(insteadOf).map(QuoteId::new)));
          receipt.logs().stream()
              .flatMap(log -> desk.market().quotes().decode(log).stream())
              .forEach(
                  log -> {
                    if (log instanceof QuoteLog.Quoted quoted) {
                      Trading.said(
                          out,
                          "quote %s in cycle %d, in block %d"
                              .formatted(quoted.id(), quoted.cycle(), receipt.block()));
                    }
                  });
        });
    return 0;
  }
}
