package chargepile.agent.web;

import chargepile.agent.json.JsonText;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A picture as {@code /state.json}; the units are in the names. What is not known is left out. */
final class StateJson {
  /** A page has no room for more, and every driver may have one. */
  static final int MOST_CHANNELS = 20;

  private StateJson() {}

  static String of(Picture picture) {
    Nameplate plate = picture.plate();
    Snapshot now = picture.now();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", now.at().truncatedTo(ChronoUnit.SECONDS).toString());
    fields.put("pile", plate.pile());
    fields.put("version", plate.version());
    fields.put("address", plate.address());
    fields.put("network", plate.network());
    fields.put("rated_power_w", plate.ratedPowerWatts());
    fields.put("money", money(plate.money()));
    fields.put("price", price(plate));
    fields.put("increment_mwh", plate.increment().value());
    fields.put("credit_mwh", plate.credit().value());
    switch (plate.outage()) {
      case Nameplate.Outage.Blocks(int number) -> fields.put("to_self_delay_blocks", number);
      case Nameplate.Outage.Time(Duration length) ->
          fields.put("challenge_period_s", length.toSeconds());
    }
    fields.put("silent", picture.isSilent());
    fields.put("problems", picture.problems());
    fields.put("faults", now.faults().stream().map(Snapshot.Fault::name).toList());
    fields.put("plugged", now.plugged());
    fields.put("contactor", now.contactorClosed() ? "closed" : "open");
    now.powerWatts().ifPresent(watts -> fields.put("power_w", watts));
    fields.put("energy_import_mwh", now.importEnergy().value());
    fields.put("energy_export_mwh", now.exportEnergy().value());
    now.session()
        .ifPresent(session -> fields.put("session", session(session, plate.money().unit())));
    fields.put(
        "curve",
        Map.of(
            "step_s",
            picture.curve().step() * Lookout.EVERY.toSeconds(),
            "power_w",
            picture.curve().watts()));
    fields.put("channels", channels(now, plate.money().unit()));
    fields.put("channel_count", now.channels().size());
    fields.put("drivers", now.drivers());
    fields.put("broker", now.brokerConnected() ? "connected" : "away");
    fields.put("chain", watch(now.watch()));
    fields.put("since_start", tally(picture.tally(), plate.money().unit()));
    return JsonText.of(fields);
  }

  /** The unit in the names of amounts, and what people count in. */
  private static Map<String, Object> money(Denomination money) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("unit", money.unit().key());
    fields.put("symbol", money.symbol());
    fields.put("decimals", money.decimals());
    return fields;
  }

  private static Map<String, Object> price(Nameplate plate) {
    Nameplate.Price price = plate.price();
    String unit = plate.money().unit().key();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("import_%s_per_kwh".formatted(unit), price.importPerKwh().value());
    fields.put("export_%s_per_kwh".formatted(unit), price.exportPerKwh().value());
    fields.put("%s_per_minute".formatted(unit), price.perMinute().value());
    return fields;
  }

  private static Map<String, Object> session(Snapshot.Session session, AmountUnit unit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", session.id());
    fields.put("driver", session.driver());
    fields.put("phase", session.phase());
    fields.put("text", session.text());
    fields.put("over", session.over());
    fields.put("import", flow(session.imported(), unit));
    fields.put("export", flow(session.exported(), unit));
    fields.put("charged_s", session.charged().toSeconds());
    fields.put("unpaid_mwh", session.unpaid().value());
    fields.put("max_unpaid_mwh", session.mostUnpaid().value());
    fields.put("updates", session.updates());
    return fields;
  }

  private static Map<String, Object> flow(Snapshot.Flow flow, AmountUnit unit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("delivered_mwh", flow.delivered().value());
    fields.put("paid_mwh", flow.paid().value());
    fields.put("paid_" + unit.key(), flow.amount().value());
    return fields;
  }

  /** The session's first, then those with a link. */
  private static List<Map<String, Object>> channels(Snapshot now, AmountUnit unit) {
    String present = now.session().map(Snapshot.Session::driver).orElse("");
    return now.channels().stream()
        .sorted(
            Comparator.<Snapshot.Channel, Boolean>comparing(
                    channel -> !channel.driver().equals(present))
                .thenComparing(channel -> !channel.connected()))
        .limit(MOST_CHANNELS)
        .map(channel -> channel(channel, unit))
        .toList();
  }

  private static Map<String, Object> channel(Snapshot.Channel channel, AmountUnit unit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", channel.id());
    fields.put("driver", channel.driver());
    fields.put("stage", channel.stage());
    fields.put("connected", channel.connected());
    fields.put("capacity_" + unit.key(), channel.capacity().value());
    fields.put("local_" + unit.key(), channel.local().value());
    fields.put("remote_" + unit.key(), channel.remote().value());
    fields.put("commitment", channel.commitment());
    return fields;
  }

  private static Map<String, Object> watch(Snapshot.Watch watch) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ok", watch.trouble().isEmpty());
    fields.put("selling", watch.selling());
    watch.trouble().ifPresent(why -> fields.put("reason", why));
    watch.tip().ifPresent(tip -> fields.put("tip", tip));
    watch.feerate().ifPresent(rate -> fields.put("feerate_per_kw", rate.satoshiPerKw()));
    watch
        .lookedAt()
        .ifPresent(at -> fields.put("looked_at", at.truncatedTo(ChronoUnit.SECONDS).toString()));
    watch
        .deadline()
        .ifPresent(
            deadline -> {
              fields.put("deadline", deadline.at().value());
              fields.put("deadline_for", deadline.what());
            });
    return fields;
  }

  private static Map<String, Object> tally(Tally tally, AmountUnit unit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sessions", tally.sessions());
    fields.put("updates", tally.updates());
    fields.put("received_" + unit.key(), tally.received().value());
    fields.put("spent_" + unit.key(), tally.spent().value());
    return fields;
  }
}
