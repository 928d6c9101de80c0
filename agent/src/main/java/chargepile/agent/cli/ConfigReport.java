package chargepile.agent.cli;

import chargepile.agent.config.ChainSettings;
import chargepile.agent.config.ChannelNumbers;
import chargepile.agent.config.Config;
import chargepile.agent.config.EvmSettings;
import chargepile.agent.config.LedgerSettings;
import chargepile.agent.config.MqttSettings;
import chargepile.agent.config.Problem;
import chargepile.agent.energy.Tariff;
import chargepile.agent.runtime.Json;
import chargepile.agent.session.Exposure;
import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a configuration means in practice. */
public final class ConfigReport {
  /** What Bitcoin aims at for a block. */
  private static final Duration BLOCK = Duration.ofMinutes(10);

  private static final long MILLIS_PER_HOUR = Duration.ofHours(1).toMillis();

  private final Config config;
  private final Denomination money;

  private ConfigReport(Config config) {
    this.config = config;
    this.money =
        switch (config.ledger()) {
          case LedgerSettings.Bitcoin _ -> Denomination.SATOSHI;
          case LedgerSettings.Evm _ -> Denomination.BASE_UNITS;
        };
  }

  static void print(PrintWriter out, Path file, Config config) {
    out.printf("%s is fine.%n%n", file);
    ConfigReport report = new ConfigReport(config);
    report.printPile(out);
    report.printRisks(out);
    report.printNetworks(out);
  }

  static Json json(Path file, Config config) {
    return new ConfigReport(config).json(file);
  }

  static Json json(Path file, List<Problem> problems) {
    return Json.object()
        .put("file", file.toString())
        .put("ok", false)
        .put("problems", Json.array(problems.stream().map(ConfigReport::json).toList()))
        .end();
  }

  private static Json json(Problem problem) {
    return Json.object()
        .put("line", problem.line())
        .put("column", problem.column())
        .put("key", problem.key())
        .put("message", problem.message())
        .end();
  }

  private Json json(Path file) {
    AmountUnit unit = money.unit();
    Json.Fields fields =
        Json.object()
            .put("file", file.toString())
            .put("ok", true)
            .put("problems", Json.array(List.of()))
            .put("pile", config.pile().id())
            .put("amount_unit", unit.key())
            .put(unit.pricePerKwh(), config.tariff().importPricePerKwh().value())
            .put("export_" + unit.pricePerKwh(), config.tariff().exportPricePerKwh().value())
            .put(
                "price_%s_per_minute".formatted(unit.key()),
                config.tariff().pricePerMinute().value())
            .put("increment_mwh", config.exposure().increment().value())
            .put("credit_mwh", config.exposure().credit().value())
            .put("largest_unpaid_mwh", largestUnpaid().value())
            .put("largest_unpaid_" + unit.key(), due(Direction.IMPORT, largestUnpaid()).value())
            .put("largest_prepaid_mwh", exposure().advance().value())
            .put(
                "largest_prepaid_" + unit.key(),
                due(Direction.IMPORT, exposure().advance()).value());
    switch (config.ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> {
        int delay = bitcoin.channel().toSelfDelay();
        fields
            .put("ledger", "bitcoin")
            .put("to_self_delay_blocks", delay)
            .put("survived_outage_s", BLOCK.multipliedBy(delay).toSeconds())
            .put("network", lower(bitcoin.chain().network()));
      }
      case LedgerSettings.Evm evm -> {
        EvmSettings settings = evm.evm();
        fields
            .put("ledger", "evm")
            .put("challenge_period_s", settings.challengePeriod().own().toSeconds())
            .put("survived_outage_s", settings.challengePeriod().least().toSeconds())
            .put("chain_id", settings.chainId())
            .put("voucher_channel", settings.voucherChannel().toString())
            .put("token", settings.token().toString())
            .put("market", evm.market().isPresent());
      }
    }
    return fields
        .put("grace_s", config.ledger().grace().toSeconds())
        .put("broker_url", config.mqtt().broker().toString())
        .end();
  }

  private void printPile(PrintWriter out) {
    row(
        out,
        "pile",
        "%s, up to %s, data in %s"
            .formatted(
                config.pile().id(),
                Figures.power(config.pile().ratedPowerWatts()),
                config.pile().dataDirectory()));
    row(out, "backup", "of the channels, in " + config.store().backup());
    row(
        out,
        "meter",
        "%s imp/kWh, pulses of %d ms and pauses of %d ms or more"
            .formatted(
                Figures.grouped(config.meter().impulsesPerKwh()),
                config.meter().minimumPulse().toMillis(),
                config.meter().minimumPause().toMillis()));
    Tariff tariff = config.tariff();
    row(
        out,
        "price",
        "%s a kWh into the car, %s, %s (tariff %d)"
            .formatted(
                amount(tariff.importPricePerKwh()),
                config.gpio().exportPin().isPresent()
                    ? amount(tariff.exportPricePerKwh()) + " a kWh out of it"
                    : "none is taken out of it",
                tariff.pricePerMinute().value() == 0
                    ? "nothing for time"
                    : amount(tariff.pricePerMinute()) + " a minute",
                tariff.id()));
    row(
        out,
        "increment",
        "%s: one signed update, %s"
            .formatted(
                Figures.energy(config.exposure().increment()),
                amount(due(Direction.IMPORT, config.exposure().increment()))));
  }

  /** What each side can lose at the most when the other disappears. */
  private void printRisks(PrintWriter out) {
    MilliWattHours unpaid = largestUnpaid();
    row(
        out,
        "pile's risk",
        "%s = %s: what a driver who vanishes has not paid"
            .formatted(Figures.energy(unpaid), amount(roundedUp(due(Direction.IMPORT, unpaid)))));
    row(
        out,
        "",
        "(%s credit, %s while the contactor opens, a pulse of %s)"
            .formatted(
                Figures.energy(config.exposure().credit()),
                Figures.energy(openingFlow()),
                Figures.energy(pulse())));
    MilliWattHours advance = exposure().advance();
    row(
        out,
        "driver's risk",
        advance.value() == 0
            ? "nothing: energy is paid after it was delivered"
            : "%s = %s: what it has paid and a pile that vanishes has not delivered"
                .formatted(Figures.energy(advance), amount(due(Direction.IMPORT, advance))));
    if (config.gpio().exportPin().isPresent()) {
      row(
          out,
          "out of the car",
          "the roles turn: the driver may be left unpaid for the same energy, %s"
              .formatted(amount(roundedUp(due(Direction.EXPORT, unpaid)))));
    }
    row(
        out,
        "silent driver",
        "contactor open when the credit is used up; after %s the session ends%s"
            .formatted(
                Figures.duration(config.session().peerTimeout()),
                config.session().closeWhenSilent()
                    ? " and the pile closes the channel alone"
                    : ""));
  }

  private void printNetworks(PrintWriter out) {
    switch (config.ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> printChannel(out, bitcoin.channel());
      case LedgerSettings.Evm evm -> new EvmReport(evm).printChannel(out);
    }
    row(
        out,
        "blind chain",
        config.ledger().grace().isZero()
            ? "nothing is sold while the chain can't be watched"
            : "energy is sold for %s more when the chain can't be watched"
                .formatted(Figures.duration(config.ledger().grace())));
    MqttSettings mqtt = config.mqtt();
    row(
        out,
        "broker",
        "%s, %s%s"
            .formatted(
                mqtt.broker(),
                mqtt.tls() ? "TLS" : "NOT encrypted (frames between pile and driver are)",
                mqtt.certificateFile().isPresent() ? " with a client certificate" : ""));
    switch (config.ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> printNetwork(out, bitcoin);
      case LedgerSettings.Evm evm -> new EvmReport(evm).printNetwork(out);
    }
    out.flush();
  }

  private void printChannel(PrintWriter out, ChannelNumbers channel) {
    row(
        out,
        "channel",
        "%s to %s, the driver funds it, used after %d confirmations"
            .formatted(
                Figures.sat(channel.minimumCapacity()),
                Figures.sat(channel.maximumCapacity()),
                channel.minimumDepth()));
    row(out, "outage", survivedOutage(channel));
    row(
        out,
        "own money",
        "locked for up to %d blocks, about %s, after this side closes alone"
            .formatted(
                channel.maximumToSelfDelay(),
                span(BLOCK.multipliedBy(channel.maximumToSelfDelay()))));
  }

  private void printNetwork(PrintWriter out, LedgerSettings.Bitcoin bitcoin) {
    row(
        out,
        "network",
        "%s, by %s%s"
            .formatted(
                lower(bitcoin.chain().network()),
                backend(bitcoin.chain()),
                bitcoin.chain().network() == ChainSettings.Network.MAINNET ? ": REAL MONEY" : ""));
    bitcoin
        .wallet()
        .sweepTo()
        .ifPresent(
            destination ->
                row(
                    out,
                    "money goes",
                    "to %s when a channel ends".formatted(destination.address())));
  }

  private static String backend(ChainSettings chain) {
    return switch (chain.backend()) {
      case BITCOIND ->
          "the node at %s%s, wallet \"%s\""
              .formatted(
                  chain.rpc(),
                  chain.second().map(node -> " and that at " + node.rpc()).orElse(""),
                  chain.wallet());
      case ESPLORA ->
          "the Esplora server at %s, wallet of the pile's own seed"
              .formatted(chain.esplora().map(URI::toString).orElse("nowhere"));
    };
  }

  private Exposure exposure() {
    return new Exposure(config.exposure().increment(), config.exposure().credit());
  }

  /** The bound of what is delivered and not paid: credit, and what flows until it is cut. */
  private MilliWattHours largestUnpaid() {
    return config.exposure().credit().plus(openingFlow()).plus(pulse());
  }

  private MilliWattHours openingFlow() {
    long milliWattMillis =
        config.pile().ratedPowerWatts() * 1000 * config.plausibility().openingTime().toMillis();
    return new MilliWattHours(Math.ceilDiv(milliWattMillis, MILLIS_PER_HOUR));
  }

  private MilliWattHours pulse() {
    return new MilliWattHours(
        Math.ceilDiv(MilliWattHours.PER_KWH, (long) config.meter().impulsesPerKwh()));
  }

  private Amount due(Direction direction, MilliWattHours energy) {
    return config.tariff().due(direction, energy, Duration.ZERO);
  }

  /** To whole satoshi, so that a bound is not printed with digits that nobody needs. */
  private Amount roundedUp(Amount amount) {
    if (money.decimals() == 0) {
      return amount;
    }
    return new Amount(Math.multiplyExact(Math.ceilDiv(amount.value(), 1000L), 1000L));
  }

  private String amount(Amount amount) {
    return Figures.money(money, amount);
  }

  /** The outage of this side within which a stale close is still answered. */
  public static String survivedOutage(EvmSettings evm) {
    Duration least = evm.challengePeriod().least();
    return "challenge periods of %d s or more are accepted: survives about %s without chain or power"
        .formatted(least.toSeconds(), span(least));
  }

  /** The outage of this side within which a cheat is still punished. */
  public static String survivedOutage(ChannelNumbers channel) {
    return "to_self_delay %d blocks: survives about %s without chain or power"
        .formatted(channel.toSelfDelay(), span(BLOCK.multipliedBy(channel.toSelfDelay())));
  }

  /** A span in the unit that people use for it: {@code 24 h}, {@code 14 days}. */
  static String span(Duration span) {
    if (span.toDays() >= 3) {
      return span.toDays() + " days";
    }
    return span.toHours() == 0 || span.toMinutesPart() != 0
        ? Figures.duration(span)
        : span.toHours() + " h";
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static void row(PrintWriter out, String title, String text) {
    out.printf("  %-14s  %s%n", title, text);
  }
}
