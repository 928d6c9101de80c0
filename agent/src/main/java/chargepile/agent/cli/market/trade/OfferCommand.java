package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.cli.Figures;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.Offer;
import chargepile.agent.evm.market.OfferLog;
import chargepile.agent.market.order.EnergyType;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market publish offer}. */
@Command(
    name = "offer",
    sortOptions = false,
    description = {
      "Publish a listing: energy at a price within a time, which anybody registered can order.",
      "Prints its number."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class OfferCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private OfferOptions options;

  @Option(
      names = "--type",
      paramLabel = "NAME",
      defaultValue = "electricity",
      description = "The kind of energy (default: ${DEFAULT-VALUE}).")
  private String type;

  @Mixin private Trading trading;
  @Mixin private CommonOptions common;

  @Override
  public Integer call()
      throws CommandFailedException, ConfigException, IOException, InterruptedException {
    common.applyTo(LogLevel.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Offer offer = options.offer();
    EnergyType energyType = energyType();
    trading.act(
        out,
        desk -> {
          String occasion =
              "%d/%d/%d"
                  .formatted(
                      offer.price().doubled(),
                      offer.energy().value(),
                      offer.window().start().getEpochSecond());
          EvmReceipt receipt =
              desk.done(
                  desk.market()
                      .offers()
                      .publish(occasion, desk.market().orders().address(), energyType, offer));
          receipt.logs().stream()
              .flatMap(log -> desk.market().offers().decode(log).stream())
              .filter(OfferLog.Published.class::isInstance)
              .forEach(
                  log ->
                      Trading.said(
                          out,
                          "listing %d: %s Wh at %s per kWh, in block %d"
                              .formatted(
                                  log.listing().value(),
                                  Figures.grouped(offer.energy().value()),
                                  Lines.price(offer.price()),
                                  receipt.block())));
        });
    return 0;
  }

  private EnergyType energyType() throws CommandFailedException {
    try {
      return new EnergyType(type);
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--type %s: %s".formatted(type, e.getMessage()), e);
    }
  }
}
