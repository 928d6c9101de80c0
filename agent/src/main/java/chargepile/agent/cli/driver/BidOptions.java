package chargepile.agent.cli.driver;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is bought of the pile on the market, instead of being charged at its tariff (P1-42). */
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class BidOptions {
  private static final long HIGHEST_PRICE = 9_000_000_000_000_000L;
  private static final long MOST_ENERGY = 10_000_000;

  /** More than the hour that agencies want between review and delivery. */
  private static final Duration USUAL_LEAD = Duration.ofMinutes(75);

  private static final Duration USUAL_WINDOW = Duration.ofHours(1);

  /** As mild as the agency lets pass: what any pile agrees to. */
  private static final MarketSettings.OnDefault MILDEST =
      new MarketSettings.OnDefault(Optional.empty(), Amount.ZERO, 10_000);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--bid",
      paramLabel = "PRICE",
      description =
          "Buy on the market of the token's chain: bid in every round up to this price of a"
              + " kilowatt-hour, in base units of the token, ask for the order of a match, and"
              + " charge in its time at its price. With bid_start_base_units_per_kwh in the section"
              + " [market] of that file the bids rise from there, by its step.")
  private @Nullable Long bid;

  @Option(
      names = "--energy",
      paramLabel = "WH",
      description = "With --bid, how much to buy in all.")
  private @Nullable Long energy;

  @Option(
      names = "--market",
      paramLabel = "ADDRESS",
      description =
          "The market's order book (default: market.order_book of the file that --evm names).")
  private @Nullable String market;

  @Option(
      names = "--timeout",
      paramLabel = "MIN",
      defaultValue = "2880",
      description =
          "With --bid, how long to wait until the order is settled, in minutes (default"
              + " ${DEFAULT-VALUE}); the next charge goes on with what is left.")
  private int timeout;

  /**
   * Checks what can be checked before anything is opened.
   *
   * @param evm whether the ledger is an EVM chain
   * @param exports whether energy may flow out of the car
   */
  void check(boolean evm, boolean exports) {
    if (!evm && (bid != null || energy != null || market != null)) {
      throw wrong("--bid, --energy and --market go with --evm: there is no market on Bitcoin");
    }
    if (energy != null && bid == null) {
      throw wrong("--energy goes with --bid, the highest price of a kilowatt-hour");
    }
    if (bid != null && energy == null) {
      throw wrong("--bid needs --energy: how many watt-hours to buy");
    }
    if (bid != null && exports) {
      throw wrong("--bid buys energy into the car: leave out --min-export-price");
    }
    if (bid != null) {
      within("--bid", bid, 1, HIGHEST_PRICE);
    }
    if (energy != null) {
      within("--energy", energy, 1, MOST_ENERGY);
    }
    within("--timeout", timeout, 1, 100_000);
    if (market != null && !(Eip55.isAddress(market) && Eip55.isSound(market))) {
      throw wrong("--market: %s is no address, or one with a mistake in it".formatted(market));
    }
  }

  private Optional<EvmAddress> orderBook() {
    return Optional.ofNullable(market).map(EvmAddress::of);
  }

  Duration timeout() {
    return Duration.ofMinutes(timeout);
  }

  /**
   * What is to be bought; empty: nothing, and nothing was being bought. It is on the disk when this
   * returns.
   *
   * @param settings of the file that names the chain
   * @param money the most that may be spent
   * @param now by the chain's clock; a want that is new begins then
   */
  Optional<WantFile.Kept> want(
      WantFile file, Optional<MarketSettings> settings, Amount money, Supplier<Instant> now)
      throws CommandFailedException, IOException {
    Optional<WantFile.Kept> before = file.load();
    Optional<EvmAddress> said =
        orderBook().or(() -> settings.map(known -> known.contracts().orderBook()));
    if (bid == null || energy == null) {
      return before;
    }
    requireWithin(settings, bid);
    EvmAddress book =
        said.or(() -> before.map(WantFile.Kept::orderBook))
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        "which market? Give --market with the address of its order book, or put the"
                            + " section [market] into the file that --evm names; chargepile market"
                            + " deploy prints it"));
    if (before.isPresent() && !before.get().orderBook().equals(book)) {
      throw new CommandFailedException(
          ("something is being bought at the order book %s, not at %s: first let `driver charge`"
                  + " without --bid end that, or use another --data")
              .formatted(Eip55.write(before.get().orderBook()), Eip55.write(book)));
    }
    Instant since = before.isPresent() ? before.get().want().since() : now.get();
    WantFile.Kept kept =
        new WantFile.Kept(
            book, want(settings, new Amount(bid), new WattHours(energy), money, since));
    file.save(kept);
    return Optional.of(kept);
  }

  private static void requireWithin(Optional<MarketSettings> settings, long bid)
      throws CommandFailedException {
    Optional<Amount> ceiling =
        settings.flatMap(MarketSettings::bid).map(MarketSettings.Prices::limit);
    if (ceiling.isPresent() && ceiling.get().value() < bid) {
      throw new CommandFailedException(
          ("--bid %d is above the %d of market.bid_ceiling_base_units_per_kwh (left out, it is the"
                  + " start) in the file that --evm names: bid less, or raise that")
              .formatted(bid, ceiling.get().value()));
    }
  }

  private static Trading.Want want(
      Optional<MarketSettings> settings,
      Amount most,
      WattHours energy,
      Amount money,
      Instant since) {
    Optional<MarketSettings.Prices> rising = settings.flatMap(MarketSettings::bid);
    Amount start =
        rising
            .map(MarketSettings.Prices::start)
            .filter(first -> first.compareTo(most) < 0)
            .orElse(most);
    return new Trading.Want(
        new MarketSettings.Prices(
            start, most, rising.map(MarketSettings.Prices::step).orElse(Amount.ZERO)),
        energy,
        money,
        since,
        settings.map(MarketSettings::lead).orElse(USUAL_LEAD),
        settings.map(MarketSettings::window).orElse(USUAL_WINDOW),
        settings.map(MarketSettings::onDefault).orElse(MILDEST));
  }

  private void within(String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw wrong("%s must be from %d to %d, not %d".formatted(option, least, most, value));
    }
  }

  private ParameterException wrong(String text) {
    return new ParameterException(spec.commandLine(), text);
  }
}
