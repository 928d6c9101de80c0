package chargepile.agent.cli;

import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.crypto.Eip55;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Denomination;
import java.io.PrintWriter;

/** What the configuration of an EVM chain and its market means in practice. */
final class EvmReport {
  private final LedgerSettings.Evm ledger;
  private final EvmSettings evm;

  EvmReport(LedgerSettings.Evm ledger) {
    this.ledger = ledger;
    this.evm = ledger.evm();
  }

  void printChannel(PrintWriter out) {
    EvmSettings.ChallengePeriod period = evm.challengePeriod();
    row(
        out,
        "channel",
        "the driver puts in %s or more; used once that is final"
            .formatted(amount(evm.leastDeposit())));
    row(out, "outage", ConfigReport.survivedOutage(evm));
    row(
        out,
        "own money",
        "locked for up to %s after either side closes alone"
            .formatted(ConfigReport.span(period.most())));
    row(
        out,
        "gas",
        "at most %d gwei, %d gwei near a deadline; %d gwei of coins are kept for each channel"
            .formatted(
                evm.fees().capGwei(), evm.fees().urgentCapGwei(), evm.gasReservePerChannelGwei()));
  }

  void printNetwork(PrintWriter out) {
    row(
        out,
        "ledger",
        "chain %d, by the node at %s%s%s"
            .formatted(
                evm.chainId(),
                evm.node(),
                evm.second().map(node -> " and that at " + node).orElse(""),
                evm.isPlayMoney() ? "" : ": REAL MONEY, for all that is known"));
    row(
        out,
        "paid in",
        "the token %s, held by %s"
            .formatted(Eip55.write(evm.token()), Eip55.write(evm.voucherChannel())));
    ledger.market().ifPresent(market -> print(out, market));
  }

  private static void print(PrintWriter out, MarketSettings market) {
    row(
        out,
        "market",
        "on feeder %s, quotes of %s, deliveries from %s on"
            .formatted(
                market.feeder(),
                market
                    .energy()
                    .map(energy -> Figures.energy(energy.toMilliWattHours()))
                    .orElseGet(
                        () ->
                            "what the rated power delivers in "
                                + ConfigReport.span(market.window())),
                ConfigReport.span(market.lead())));
    market.ask().ifPresent(ask -> row(out, "asks", prices(ask)));
    row(
        out,
        "default",
        "%s for a kWh beyond %s %% of the order"
            .formatted(
                amount(market.onDefault().ratePerKwh()),
                percent(market.onDefault().toleranceBasisPoints())));
    row(
        out,
        "at stake",
        market
            .onDefault()
            .amount()
            .map(most -> "at most %s for an order".formatted(amount(most)))
            .orElse("for an order what a default of all of it costs, and at least its fees"));
  }

  private static String prices(MarketSettings.Prices prices) {
    return prices.step().equals(Amount.ZERO)
        ? "%s a kWh".formatted(amount(prices.start()))
        : "%s a kWh, by %s a round without a buyer down to %s"
            .formatted(amount(prices.start()), amount(prices.step()), amount(prices.limit()));
  }

  private static String percent(int basisPoints) {
    return basisPoints % 100 == 0
        ? Integer.toString(basisPoints / 100)
        : "%d.%02d".formatted(basisPoints / 100, basisPoints % 100);
  }

  private static String amount(Amount amount) {
    return Figures.money(Denomination.BASE_UNITS, amount);
  }

  private static void row(PrintWriter out, String title, String text) {
    ConfigReport.row(out, title, text);
  }
}
