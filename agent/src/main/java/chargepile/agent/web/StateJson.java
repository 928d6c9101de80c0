package chargepile.agent.web;

import chargepile.agent.json.JsonText;
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
    fields.put("price", price(plate.price()));
    fields.put("increment_mwh", plate.increment().value());
    fields.put("credit_mwh", plate.credit().value());
    fields.put("to_self_delay_blocks", plate.toSelfDelay());
    fields.put("silent", picture.isSilent());
    fields.put("problems", picture.problems());
    fields.put("faults", now.faults().stream().map(Snapshot.Fault::name).toList());
    fields.put("plugged", now.plugged());
    fields.put("contactor", now.contactorClosed() ? "closed" : "open");
    now.powerWatts().ifPresent(watts -> fields.put("power_w", watts));
    fields.put("energy_import_mwh", now.importEnergy().value());
    fields.put("energy_export_mwh", now.exportEnergy().value());
    now.session().ifPresent(session -> fields.put("session", session(session)));
    fields.put(
        "curve",
        Map.of(
            "step_s",
            picture.curve().step() * Lookout.EVERY.toSeconds(),
            "power_w",
            picture.curve().watts()));
    fields.put("channels", channels(now));
    fields.put("channel_count", now.channels().size());
    fields.put("drivers", now.drivers());
    fields.put("broker", now.brokerConnected() ? "connected" : "away");
    fields.put("chain", watch(now.watch()));
    fields.put("since_start", tally(picture.tally()));
    return JsonText.of(fields);
  }

  private static Map<String, Object> price(Nameplate.Price price) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("import_msat_per_kwh", price.importPerKwh().value());
    fields.put("export_msat_per_kwh", price.exportPerKwh().value());
    fields.put("msat_per_minute", price.perMinute().value());
    return fields;
  }

  private static Map<String, Object> session(Snapshot.Session session) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", session.id());
    fields.put("driver", session.driver());
    fields.put("phase", session.phase());
    fields.put("text", session.text());
    fields.put("over", session.over());
    fields.put("import", flow(session.imported()));
    fields.put("export", flow(session.exported()));
    fields.put("charged_s", session.charged().toSeconds());
    fields.put("unpaid_mwh", session.unpaid().value());
    fields.put("max_unpaid_mwh", session.mostUnpaid().value());
    fields.put("updates", session.updates());
    return fields;
  }

  private static Map<String, Object> flow(Snapshot.Flow flow) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("delivered_mwh", flow.delivered().value());
    fields.put("paid_mwh", flow.paid().value());
    fields.put("paid_msat", flow.amount().value());
    return fields;
  }

  /** The session's first, then those with a link. */
  private static List<Map<String, Object>> channels(Snapshot now) {
    String present = now.session().map(Snapshot.Session::driver).orElse("");
    return now.channels().stream()
        .sorted(
            Comparator.<Snapshot.Channel, Boolean>comparing(
                    channel -> !channel.driver().equals(present))
                .thenComparing(channel -> !channel.connected()))
        .limit(MOST_CHANNELS)
        .map(StateJson::channel)
        .toList();
  }

  private static Map<String, Object> channel(Snapshot.Channel channel) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", channel.id());
    fields.put("driver", channel.driver());
    fields.put("stage", channel.stage());
    fields.put("connected", channel.connected());
    fields.put("capacity_sat", channel.capacity().value());
    fields.put("local_msat", channel.local().value());
    fields.put("remote_msat", channel.remote().value());
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

  private static Map<String, Object> tally(Tally tally) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sessions", tally.sessions());
    fields.put("updates", tally.updates());
    fields.put("received_msat", tally.received().value());
    fields.put("spent_msat", tally.spent().value());
    return fields;
  }
}
