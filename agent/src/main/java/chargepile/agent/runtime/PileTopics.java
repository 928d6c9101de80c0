package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.Scheduler;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.pile.PileDocument;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.StandingFault;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A pile's retained topics: the latest document of each; a closed channel's is cleared. A change of
 * contactor or fault is published at once, all else gathered for a moment, so that a fast meter
 * does not flood the broker; and everything again after every reconnection. Belongs to the node's
 * mailbox.
 */
final class PileTopics {
  private static final String ONLINE = "online";

  /** Also the broker's last will for a pile whose link is lost. */
  static final String OFFLINE = "offline";

  /** Of a channel's stage: its last, in which nothing of it is left on the chain. */
  private static final String CLOSED = "Closed";

  /** What ends a retained topic. */
  private static final String CLEARED = "";

  private static final Duration GATHERED = Duration.ofMillis(250);

  private final Bus bus;
  private final Topics topics;
  private final Scheduler timers;
  private final Executor mailbox;
  private final Map<String, String> latest = new LinkedHashMap<>();
  private final Set<String> unsent = new LinkedHashSet<>();
  private final PublicKey node;
  private final PublicKey meter;
  private final PaidIn money;
  private final PileSettings settings;
  private final boolean peers;
  private boolean gathering;

  /**
   * @param peers whether drivers are named, and what they paid and have in their channels
   */
  PileTopics(
      Bus bus,
      Topics topics,
      Scheduler timers,
      Executor mailbox,
      PublicKey node,
      PublicKey meter,
      PaidIn money,
      PileSettings settings,
      boolean peers) {
    this.peers = peers;
    this.node = node;
    this.meter = meter;
    this.money = money;
    this.settings = settings;
    this.bus = bus;
    this.topics = topics;
    this.timers = timers;
    this.mailbox = mailbox;
    latest.put(topics.status(), ONLINE);
    introduce(new PileDocument.Chain(Optional.empty(), true));
  }

  /** Says all of it again: a broker that was restarted has forgotten it. */
  void publishAll() {
    unsent.addAll(latest.keySet());
    flush();
  }

  /** The node stops, with the contactor open; the broker's last will is only for a lost link. */
  void sayOffline() {
    say(topics.contactor(), "open");
    say(topics.status(), OFFLINE);
    flush();
  }

  /** What hardly changes while the node runs, and whether it is fit to sell. */
  private void introduce(PileDocument.Chain chain) {
    Json.Fields info =
        Json.object()
            .put("pile", topics.pileId())
            .put("node", node.toHex())
            .put("meter_key", meter.toHex())
            .put("rated_power_w", settings.meter().ratedPowerWatts())
            .put("impulses_per_kwh", settings.meter().impulsesPerKwh())
            .put("increment_mwh", settings.exposure().increment().value())
            .put("credit_mwh", settings.exposure().credit().value())
            .put("amount_unit", money.unit().key());
    switch (money) {
      case PaidIn.Bitcoin _ -> info.put("ledger", "bitcoin");
      case PaidIn.Token token ->
          info.put("ledger", "evm")
              .put("chain_id", token.chainId())
              .put("voucher_channel", token.voucherChannel().toString())
              .put("token", token.token().toString());
    }
    say(topics.info(), info.put("chain", json(chain)).end().toString());
  }

  private Json json(PileDocument.Chain chain) {
    Json.Fields fields = Json.object().put("ok", chain.trouble().isEmpty());
    chain
        .trouble()
        .ifPresent(
            trouble ->
                fields
                    .put("since", trouble.since().truncatedTo(ChronoUnit.SECONDS).toString())
                    .put("reason", trouble.reason())
                    .put("grace_s", settings.grace().toSeconds()));
    return fields.put("selling", chain.selling()).end();
  }

  /** What a look at the market came to. */
  void publish(MarketReport report) {
    say(topics.market(), MarketJson.of(report, peers).toString());
  }

  void publish(PileDocument document) {
    switch (document) {
      case PileDocument.NoSession none ->
          say(topics.session(), Json.object().put("plugged", none.plugged()).end().toString());
      case PileDocument.Session session -> say(topics.session(), json(session).toString());
      case PileDocument.Meter meter -> {
        say(topics.energyImportWh(), wattHours(meter.importEnergy().value()));
        say(topics.energyExportWh(), wattHours(meter.exportEnergy().value()));
        meter.powerWatts().ifPresent(watts -> say(topics.powerW(), Long.toString(watts)));
      }
      case PileDocument.Chain chain -> introduce(chain);
      case PileDocument.Price price ->
          say(
              topics.pricePerKwh(money.unit()),
              Long.toString(price.tariff().importPricePerKwh().value()));
      case PileDocument.Contactor contactor ->
          say(topics.contactor(), contactor.closed() ? "closed" : "open");
      case PileDocument.Faults faults -> say(topics.fault(), json(faults).toString());
      case PileDocument.ChannelStatus channel -> {
        // Its id alone would tell the funding transaction, and so the coins.
        if (peers && !channel.id().isEmpty()) {
          boolean closed = channel.stage().equals(CLOSED);
          say(topics.channel(channel.id()), closed ? CLEARED : json(channel).toString());
        }
      }
    }
  }

  /** The names for programs, and for people what is known of each and what to do. */
  private static Json json(PileDocument.Faults faults) {
    return Json.object()
        .put(
            "faults",
            Json.strings(faults.faults().stream().map(f -> f.fault().name()).sorted().toList()))
        .put("details", Json.array(faults.faults().stream().map(PileTopics::json).toList()))
        .end();
  }

  private static Json json(StandingFault standing) {
    return Json.object()
        .put("fault", standing.fault().name())
        .put("since", standing.since().map(Instant::toString).map(Json::of).orElse(Json.NULL))
        .put("detail", standing.detail())
        .put("remedy", standing.fault().remedy())
        .put("clears_itself", standing.fault().clearsItself())
        .end();
  }

  private Json json(PileDocument.Session session) {
    Json.Fields fields =
        Json.object().put("plugged", session.plugged()).put("id", session.id().toString());
    if (peers) {
      fields.put("driver", session.peer().toHex());
    }
    fields
        .put("phase", session.phase())
        .put("reason", session.reason().map(Enum::name).map(Json::of).orElse(Json.NULL))
        .put("text", session.text())
        .put("import_mwh", session.importDelivered().value())
        .put("export_mwh", session.exportDelivered().value())
        .put("max_unpaid_mwh", session.maxUnpaid().value());
    if (peers) {
      fields
          .put("paid_import", json(session.paid().imported()))
          .put("paid_export", json(session.paid().exported()));
    }
    return fields.end();
  }

  private Json json(SessionTotals.Total total) {
    return Json.object()
        .put("energy_mwh", total.energy().value())
        .put("duration_ms", total.duration())
        .put("amount_" + money.unit().key(), total.amount().value())
        .end();
  }

  private Json json(PileDocument.ChannelStatus channel) {
    return Json.object()
        .put("driver", channel.peer().toHex())
        .put("stage", channel.stage())
        .put("commitment", channel.number())
        .put("local_" + money.unit().key(), channel.local().value())
        .put("remote_" + money.unit().key(), channel.remote().value())
        .end();
  }

  /** Watt-hours with the meter's whole resolution. */
  private static String wattHours(long milliWattHours) {
    return "%d.%03d".formatted(milliWattHours / 1000, milliWattHours % 1000);
  }

  private void say(String topic, String payload) {
    if (payload.equals(latest.put(topic, payload))) {
      return;
    }
    unsent.add(topic);
    if (topic.equals(topics.contactor()) || topic.equals(topics.fault())) {
      flush();
    } else if (!gathering) {
      gathering = true;
      timers.schedule(GATHERED, () -> mailbox.execute(this::flush));
    }
  }

  /** Publishes what has changed. */
  void flush() {
    gathering = false;
    for (String topic : unsent) {
      String payload = Objects.requireNonNull(latest.get(topic));
      bus.publish(topic, payload.getBytes(StandardCharsets.UTF_8), true);
      if (payload.equals(CLEARED)) {
        latest.remove(topic);
      }
    }
    unsent.clear();
  }
}
