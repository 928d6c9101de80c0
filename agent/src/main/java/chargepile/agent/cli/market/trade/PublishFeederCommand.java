package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.eip712.ChainNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market review publish-feeder}. */
@Command(
    name = "publish-feeder",
    sortOptions = false,
    description = "Publish what a feeder bears in each direction, from the contract's notice on.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PublishFeederCommand implements Callable<Integer> {
  private static final long MOST = 4_294_967_295L;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FEEDER",
      description = "The grid's name of it, 1 to 32 printable ASCII characters.")
  private String feeder;

  @Parameters(index = "1", paramLabel = "WATTS", description = "0 closes it.")
  private long watts;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  static FeederId named(String text) throws CommandFailedException {
    try {
      FeederId named = new FeederId(text);
      var unused = ChainNames.word(named);
      return named;
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("%s: %s".formatted(text, e.getMessage()), e);
    }
  }

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    FeederId name = named(feeder);
    if (watts < 0 || watts > MOST) {
      throw new CommandFailedException("%d W: 0 to %d are".formatted(watts, MOST));
    }
    trading.act(
        out,
        desk -> {
          EvmReceipt receipt =
              desk.done(
                  desk.market().board().publishFeeders(feeder + "/" + watts, Map.of(name, watts)));
          Trading.said(
              out,
              "feeder %s bears %s W in each direction, %s after block %d"
                  .formatted(
                      feeder,
                      Figures.grouped(watts),
                      Figures.duration(desk.market().board().notice()),
                      receipt.block()));
        });
    return 0;
  }
}
