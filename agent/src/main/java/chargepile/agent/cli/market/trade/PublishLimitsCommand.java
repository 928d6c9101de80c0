package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.CommonOptions;
import chargepile.agent.config.ConfigException;
import chargepile.agent.config.LogLevel;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.market.AgencyLimits;
import chargepile.agent.evm.market.LimitsNotice;
import chargepile.agent.evm.market.Publications;
import chargepile.agent.market.RevenueSplit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code chargepile market review publish-limits}. */
@Command(
    name = "publish-limits",
    sortOptions = false,
    description = {
      "Publish other limits and fees, which come into force after the contract's notice. What no"
          + " option says",
      "stays as it was published last, the lines too."
    })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PublishLimitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--lead-s", paramLabel = "N", description = "Between review and delivery.")
  private @Nullable Long lead;

  @Option(
      names = "--horizon-s",
      paramLabel = "N",
      description = "Between review and the end of the delivery.")
  private @Nullable Long horizon;

  @Option(names = "--floor", paramLabel = "N", description = "Least price of a kWh.")
  private @Nullable Long floor;

  @Option(names = "--cap", paramLabel = "N", description = "Highest price of a kWh.")
  private @Nullable Long cap;

  @Option(names = "--grid-bp", paramLabel = "N", description = "The grid's fee, basis points.")
  private @Nullable Integer grid;

  @Option(names = "--agency-bp", paramLabel = "N", description = "The agency's fee.")
  private @Nullable Integer agency;

  @Option(names = "--tolerance-bp", paramLabel = "N", description = "The most of an order.")
  private @Nullable Integer tolerance;

  @Option(names = "--default-rate", paramLabel = "N", description = "Least damages for a kWh.")
  private @Nullable Long rate;

  @Option(names = "--least-energy-wh", paramLabel = "N", description = "Of an order.")
  private @Nullable Long energy;

  @Option(names = "--least-window-s", paramLabel = "N", description = "Of a delivery.")
  private @Nullable Long window;

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
          EvmBlock head = desk.market().head();
          Publications published = desk.market().board().publications(head, desk.market().since());
          LimitsNotice last = published.next().orElse(published.inForce());
          AgencyLimits limits = changed(last.limits());
          if (limits.equals(last.limits())) {
            throw new CommandFailedException("these limits are published already: change one");
          }
          EvmReceipt receipt =
              desk.done(
                  desk.market()
                      .board()
                      .publishLimits(
                          "%d/%d".formatted(last.from().getEpochSecond(), limits.hashCode()),
                          limits,
                          last.lines()));
          Trading.said(
              out,
              "published in block %d; in force from %s"
                  .formatted(
                      receipt.block(),
                      desk.market()
                          .board()
                          .publications(desk.market().head(), desk.market().since())
                          .next()
                          .map(LimitsNotice::from)
                          .map(Object::toString)
                          .orElse("now")));
        });
    return 0;
  }

  private AgencyLimits changed(AgencyLimits last) throws CommandFailedException {
    try {
      return new AgencyLimits(
          seconds(lead).orElse(last.lead()),
          seconds(horizon).orElse(last.horizon()),
          floor == null ? last.floor() : new Amount(floor),
          cap == null ? last.cap() : new Amount(cap),
          new RevenueSplit.Fees(
              Objects.requireNonNullElse(grid, last.fees().gridBasisPoints()),
              Objects.requireNonNullElse(agency, last.fees().agencyBasisPoints())),
          Objects.requireNonNullElse(tolerance, last.mostTolerance()),
          rate == null ? last.leastDefaultRate() : new Amount(rate),
          energy == null ? last.leastEnergy() : new WattHours(energy),
          seconds(window).orElse(last.leastWindow()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("no limits are like that: " + e.getMessage(), e);
    }
  }

  private static Optional<Duration> seconds(@Nullable Long given) {
    if (given != null && given < 0) {
      throw new IllegalArgumentException("a duration below zero: %d s".formatted(given));
    }
    return Optional.ofNullable(given).map(Duration::ofSeconds);
  }
}
