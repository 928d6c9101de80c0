package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.Offer;
import chargepile.agent.evm.market.OfferedListing;
import chargepile.agent.market.order.ListingId;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chargepile market publish amend}. */
@Command(
    name = "amend",
    sortOptions = false,
    description =
        "Give a listing of yours another price, energy and time. What is ordered already stays.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class AmendCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "LISTING", description = "Its number.")
  private long listing;

  @Mixin private OfferOptions options;
  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Offer offer = options.offer();
    ListingId id = ListingsCommand.id(listing);
    trading.act(
        out,
        desk -> {
          OfferedListing now =
              desk.market()
                  .offers()
                  .listing(id, BlockRef.LATEST)
                  .orElseThrow(() -> new CommandFailedException("there is no listing " + listing));
          EvmReceipt receipt = desk.done(desk.market().offers().amend(now.version(), offer));
          Trading.said(
              out,
              "listing %d is version %d now, in block %d"
                  .formatted(listing, now.version().version() + 1, receipt.block()));
        });
    return 0;
  }
}
