package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
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

/** {@code chargepile market review publish-pile}. */
@Command(
    name = "publish-pile",
    sortOptions = false,
    description = "Publish on which feeder a pile hangs, from the contract's notice on.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PublishPileCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "PILE",
      description = "Its name in the registry, or its id there in hexadecimal digits.")
  private String pile;

  @Parameters(index = "1", paramLabel = "FEEDER", description = "The grid's name of the feeder.")
  private String feeder;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    FeederId name = PublishFeederCommand.named(feeder);
    PileId id = new PileId(pile);
    trading.act(
        out,
        desk -> {
          if (desk.market().registry().party(ChainNames.word(id), BlockRef.LATEST).isEmpty()) {
            throw new CommandFailedException(
                "no pile %s is registered: check its name (market status --party)".formatted(pile));
          }
          EvmReceipt receipt =
              desk.done(desk.market().board().publishPiles(pile + "/" + feeder, Map.of(id, name)));
          Trading.said(
              out,
              "pile %s hangs on feeder %s, %s after block %d"
                  .formatted(
                      pile,
                      feeder,
                      Figures.duration(desk.market().board().notice()),
                      receipt.block()));
        });
    return 0;
  }
}
