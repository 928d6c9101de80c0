package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the keys must not say together. */
final class Consistency {
  /** Weight of a commitment transaction with anchors and without HTLCs (BOLT 3). */
  private static final int COMMITMENT_WEIGHT = 1124;

  /** Two anchors of 330 satoshi (BOLT 3). */
  private static final long ANCHORS_SAT = 660;

  /** What Bitcoin aims at for a block. */
  private static final long MINUTES_A_BLOCK = 10;

  private static final int LAST_PORT = 65_535;
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private Consistency() {}

  static void check(Config config, Document document) {
    pins(config.gpio(), document);
    exposure(config, document);
    mqtt(config.mqtt(), document);
    switch (config.ledger()) {
      case LedgerSettings.Bitcoin bitcoin -> bitcoin(config, bitcoin, document);
      case LedgerSettings.Evm evm -> EvmConsistency.check(config, evm, document);
    }
  }

  private static void pins(GpioSettings gpio, Document document) {
    if (gpio.backend() != GpioSettings.Backend.PI) {
      return;
    }
    Map<String, Integer> pins = new LinkedHashMap<>();
    pins.put("gpio.import_pin", gpio.importPin());
    gpio.exportPin().ifPresent(pin -> pins.put("gpio.export_pin", pin));
    pins.put("gpio.contactor_pin", gpio.contactorPin());
    gpio.contactorReadbackPin().ifPresent(pin -> pins.put("gpio.contactor_readback_pin", pin));
    pins.put("gpio.plug_pin", gpio.plugPin());
    gpio.statusLightPin().ifPresent(pin -> pins.put("gpio.status_light_pin", pin));
    gpio.overTemperaturePin().ifPresent(pin -> pins.put("gpio.over_temperature_pin", pin));
    Map<Integer, String> taken = new LinkedHashMap<>();
    pins.forEach(
        (key, pin) -> {
          String first = taken.putIfAbsent(pin, key);
          if (first != null) {
            document.contradiction(
                true,
                List.of(key, first),
                "pin %d is %s already; each needs a pin of its own".formatted(pin, first));
          }
        });
  }

  private static void bitcoin(Config config, LedgerSettings.Bitcoin bitcoin, Document document) {
    money(config, "msat", document);
    largestIncrement(config, bitcoin.channel(), document);
    channel(bitcoin.channel(), document);
    chain(bitcoin.chain(), document);
    esplora(bitcoin.chain(), document);
    grace(bitcoin, document);
  }

  /**
   * What prices must not say together.
   *
   * @param unit as in the names of the keys
   */
  static void money(Config config, String unit, Document document) {
    String price = "price_%s_per_kwh".formatted(unit);
    String exportKey = "tariff.export_" + price;
    String minuteKey = "price_%s_per_minute".formatted(unit);
    Amount importPrice = config.tariff().importPricePerKwh();
    Amount exportPrice = config.tariff().exportPricePerKwh();
    document.contradiction(
        importPrice.equals(Amount.ZERO) && config.tariff().pricePerMinute().equals(Amount.ZERO),
        List.of("tariff." + price, "tariff." + minuteKey),
        "this and %s are both 0, so nothing would ever be due; set one of them"
            .formatted(minuteKey));
    document.contradiction(
        exportPrice.compareTo(importPrice) > 0,
        List.of(exportKey, "tariff." + price),
        "is %d, above %s of %d: a car could sell what it has just bought, at the"
                .formatted(exportPrice.value(), price, importPrice.value())
            + " pile's expense, for ever");
    document.contradiction(
        exportPrice.compareTo(Amount.ZERO) > 0
            && config.gpio().backend() == GpioSettings.Backend.PI
            && config.gpio().exportPin().isEmpty(),
        List.of(exportKey, "gpio.export_pin"),
        "energy out of the car has a price, but no gpio.export_pin counts it");
  }

  private static void exposure(Config config, Document document) {
    MilliWattHours increment = config.exposure().increment();
    MilliWattHours credit = config.exposure().credit();
    int impulses = config.meter().impulsesPerKwh();
    document.contradiction(
        Math.multiplyExact(increment.value(), (long) impulses) < MilliWattHours.PER_KWH,
        List.of("exposure.increment_wh", "meter.impulses_per_kwh"),
        "is less than one pulse of a meter with %d imp/kWh; must be at least %d"
            .formatted(impulses, Math.ceilDiv(1000, impulses)));
    document.contradiction(
        credit.value() > 0 && credit.compareTo(increment) < 0,
        List.of("exposure.credit_wh", "exposure.increment_wh"),
        "is below increment_wh: the credit would be used up before an increment is full, and the"
            + " contactor would open every time; must be 0 (prepaid) or at least %d"
                .formatted(increment.value() / 1000));
  }

  private static void largestIncrement(Config config, ChannelNumbers channel, Document document) {
    if (document.sound(List.of("tariff.price_msat_per_kwh"))) {
      Amount due =
          config.tariff().due(Direction.IMPORT, config.exposure().increment(), Duration.ZERO);
      Amount most = channel.maximumCapacity().toAmount();
      document.contradiction(
          due.compareTo(most) > 0,
          List.of(
              "exposure.increment_wh", "channel.maximum_capacity_sat", "tariff.price_msat_per_kwh"),
          "one increment costs %d msat, more than the largest channel holds (%d msat)"
              .formatted(due.value(), most.value()));
    }
  }

  private static void channel(ChannelNumbers channel, Document document) {
    Satoshi smallest = channel.minimumCapacity();
    document.contradiction(
        smallest.compareTo(channel.maximumCapacity()) > 0,
        List.of("channel.minimum_capacity_sat", "channel.maximum_capacity_sat"),
        "is above maximum_capacity_sat of %d".formatted(channel.maximumCapacity().value()));
    document.contradiction(
        channel.minimumFeerate().compareTo(channel.maximumFeerate()) > 0,
        List.of("channel.minimum_feerate_per_kw", "channel.maximum_feerate_per_kw"),
        "is above maximum_feerate_per_kw of %d".formatted(channel.maximumFeerate().satoshiPerKw()));
    document.contradiction(
        channel.htlcMinimum().compareTo(channel.maxHtlcValueInFlight()) > 0,
        List.of("channel.htlc_minimum_msat", "channel.max_htlc_value_in_flight_msat"),
        "is above max_htlc_value_in_flight_msat of %d: no HTLC would ever fit"
            .formatted(channel.maxHtlcValueInFlight().value()));
    document.contradiction(
        channel.toSelfDelay() > channel.maximumToSelfDelay(),
        List.of("channel.to_self_delay_blocks", "channel.maximum_to_self_delay_blocks"),
        "asks more of the peer than maximum_to_self_delay_blocks of %d lets it ask of us"
            .formatted(channel.maximumToSelfDelay()));
    Satoshi reserve = channel.reserve(smallest);
    document.contradiction(
        reserve.compareTo(channel.dustLimit()) < 0,
        List.of(
            "channel.channel_reserve_per_mille",
            "channel.minimum_capacity_sat",
            "channel.dust_limit_satoshis"),
        ("leaves a reserve of %d sat in the smallest channel, below dust_limit_satoshis of %d, so a"
                + " cheat would have nothing at stake; raise it or minimum_capacity_sat")
            .formatted(reserve.value(), channel.dustLimit().value()));
    long needed =
        2 * reserve.value() + ANCHORS_SAT + channel.maximumFeerate().fee(COMMITMENT_WEIGHT).value();
    document.contradiction(
        smallest.value() <= needed,
        List.of(
            "channel.minimum_capacity_sat",
            "channel.channel_reserve_per_mille",
            "channel.maximum_feerate_per_kw"),
        ("both reserves, the anchors and the fee at maximum_feerate_per_kw take %d sat of it and"
                + " leave nothing to pay with")
            .formatted(needed));
  }

  private static void mqtt(MqttSettings mqtt, Document document) {
    document.contradiction(
        mqtt.broker().getHost() == null
            || mqtt.broker().getPort() < 1
            || mqtt.broker().getPort() > LAST_PORT,
        List.of("mqtt.broker_url"),
        "is %s; must be a host's name or address and a port from 1 to %d"
            .formatted(mqtt.broker(), LAST_PORT));
    document.contradiction(
        mqtt.passwordFile().isPresent() && mqtt.username().isEmpty(),
        List.of("mqtt.password_file", "mqtt.username"),
        "a password needs a username");
    document.contradiction(
        mqtt.certificateFile().isPresent() && mqtt.keyFile().isEmpty(),
        List.of("mqtt.certificate_file", "mqtt.key_file"),
        "a certificate needs its key_file");
    document.contradiction(
        mqtt.keyFile().isPresent() && mqtt.certificateFile().isEmpty(),
        List.of("mqtt.key_file", "mqtt.certificate_file"),
        "a key needs its certificate_file");
    boolean tlsFiles =
        mqtt.caFile().isPresent()
            || mqtt.certificateFile().isPresent()
            || mqtt.keyFile().isPresent();
    document.contradiction(
        tlsFiles && !mqtt.tls(),
        List.of("mqtt.broker_url", "mqtt.ca_file", "mqtt.certificate_file", "mqtt.key_file"),
        "tcp:// is not encrypted and uses no certificates; write ssl:// or leave the files out");
    document.contradiction(
        mqtt.passwordFile().isPresent()
            && !mqtt.tls()
            && !THIS_MACHINE.contains(String.valueOf(mqtt.broker().getHost())),
        List.of("mqtt.broker_url", "mqtt.password_file"),
        "tcp:// would send the password over the network for all to read; write ssl://");
  }

  private static void esplora(ChainSettings chain, Document document) {
    document.contradiction(
        chain.backend() == ChainSettings.Backend.ESPLORA && chain.esplora().isEmpty(),
        List.of("chain.backend", "chain.esplora_url"),
        "\"esplora\" needs esplora_url, the server to ask");
    chain
        .esplora()
        .ifPresent(
            url -> {
              document.contradiction(
                  url.getHost() == null || url.getPort() == 0 || url.getPort() > LAST_PORT,
                  List.of("chain.esplora_url"),
                  "is %s; must be a host's name or address and, if any, a port from 1 to %d"
                      .formatted(url, LAST_PORT));
              document.contradiction(
                  chain.backend() == ChainSettings.Backend.ESPLORA
                      && chain.network() == ChainSettings.Network.MAINNET
                      && !"https".equals(url.getScheme())
                      && !THIS_MACHINE.contains(String.valueOf(url.getHost())),
                  List.of("chain.esplora_url", "chain.network"),
                  "http:// lets anybody on the way hide a cheat from the pile; use https://, or a"
                      + " server on this machine");
            });
  }

  private static void chain(ChainSettings chain, Document document) {
    node("chain.", chain.rpc(), chain.rpcUser(), chain.rpcPasswordFile(), document);
    chain
        .second()
        .ifPresent(
            second -> {
              node(
                  "chain.second_",
                  second.rpc(),
                  second.rpcUser(),
                  second.rpcPasswordFile(),
                  document);
              document.contradiction(
                  second.rpcUser().isEmpty() && second.cookieFile().isEmpty(),
                  List.of(
                      "chain.second_rpc_url", "chain.second_cookie_file", "chain.second_rpc_user"),
                  "needs the second node's second_cookie_file, or a second_rpc_user");
              document.contradiction(
                  second.rpc().equals(chain.rpc()),
                  List.of("chain.second_rpc_url", "chain.rpc_url"),
                  "is the first node again; name another, or leave it out");
            });
  }

  /** Who sells on blindly for longer than a cheat must wait for its money protects nothing. */
  private static void grace(LedgerSettings.Bitcoin config, Document document) {
    long minutes = config.chain().grace().toMinutes();
    long delay = config.channel().toSelfDelay() * MINUTES_A_BLOCK;
    document.contradiction(
        minutes >= delay,
        List.of("chain.grace_minutes", "channel.to_self_delay_blocks"),
        "is %d, but with to_self_delay_blocks of %d a cheat has its money after about %d min; must be less"
            .formatted(minutes, config.channel().toSelfDelay(), delay));
  }

  private static void node(
      String prefix,
      URI rpc,
      Optional<String> user,
      Optional<Path> passwordFile,
      Document document) {
    int port = rpc.getPort();
    document.contradiction(
        rpc.getHost() == null || port < 1 || port > LAST_PORT,
        List.of(prefix + "rpc_url"),
        "is %s; must be a host's name or address and a port from 1 to %d"
            .formatted(rpc, LAST_PORT));
    document.contradiction(
        passwordFile.isPresent() && user.isEmpty(),
        List.of(prefix + "rpc_password_file", prefix + "rpc_user"),
        "a password needs an rpc_user");
    document.contradiction(
        user.isPresent() && passwordFile.isEmpty(),
        List.of(prefix + "rpc_user", prefix + "rpc_password_file"),
        "a user needs an rpc_password_file");
    document.contradiction(
        user.isPresent()
            && !"https".equals(rpc.getScheme())
            && !THIS_MACHINE.contains(String.valueOf(rpc.getHost())),
        List.of(prefix + "rpc_url", prefix + "rpc_password_file"),
        "http:// would send the password over the network for all to read; use a node on this"
            + " machine, a tunnel to it, or https://");
  }
}
