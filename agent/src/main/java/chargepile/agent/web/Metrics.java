package chargepile.agent.web;

import static chargepile.agent.web.Exposition.Type.COUNTER;
import static chargepile.agent.web.Exposition.Type.GAUGE;

import chargepile.agent.units.Amount;
import chargepile.agent.units.AmountUnit;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.MilliWattHours;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A picture as Prometheus metrics. Names bear their units; money is in satoshi, or in base units of
 * the token. Nothing is labelled with a driver, a channel or a session: there is no end to those.
 */
final class Metrics {
  private final Exposition out = new Exposition();
  private final Picture picture;
  private final Snapshot now;
  private final AmountUnit unit;

  private Metrics(Picture picture) {
    this.picture = picture;
    this.now = picture.now();
    this.unit = picture.plate().money().unit();
  }

  /**
   * The text of {@code /metrics}.
   *
   * @param process what the process itself takes
   */
  static String of(Picture picture, ProcessFigures process) {
    Metrics metrics = new Metrics(picture);
    metrics.about();
    metrics.energy();
    metrics.session();
    metrics.sinceStart();
    metrics.channels();
    metrics.chain();
    metrics.process(process);
    return metrics.out.toString();
  }

  private void about() {
    Nameplate plate = picture.plate();
    out.family("chargepile_build_info", GAUGE, "The program and the pile, always 1.")
        .sample(
            Map.of(
                "version",
                plate.version(),
                "pile",
                plate.pile(),
                "network",
                plate.network(),
                "java",
                System.getProperty("java.version", "")),
            1);
    gauge("chargepile_healthy", "Whether /healthz says ok.", picture.problems().isEmpty());
    gauge("chargepile_failed", "Whether the pile has stopped for good.", now.failure().isPresent());
    Exposition.Family fault =
        out.family("chargepile_fault", GAUGE, "Whether a fault keeps the pile from charging.");
    plate.faults().forEach(name -> fault.sample(Map.of("fault", name), bit(name)));
    gauge("chargepile_broker_connected", "Whether the broker is there.", now.brokerConnected());
    gauge("chargepile_drivers_connected", "Drivers with a link.", now.drivers());
    gauge(
        "chargepile_rated_power_watts", "The most the pile can deliver.", plate.ratedPowerWatts());
    gauge(
        money("chargepile_price_%s_per_kilowatt_hour"),
        "What a kilowatt-hour into the car costs.",
        amount(plate.price().importPerKwh()));
    gauge(
        money("chargepile_export_price_%s_per_kilowatt_hour"),
        "What the pile pays for a kilowatt-hour out of the car.",
        amount(plate.price().exportPerKwh()));
    gauge(
        money("chargepile_price_%s_per_minute"),
        "What a minute of charging costs besides.",
        amount(plate.price().perMinute()));
    gauge(
        "chargepile_increment_watt_hours",
        "Energy that one signed update pays for.",
        wattHours(plate.increment()));
    gauge(
        "chargepile_credit_watt_hours",
        "Energy that may be delivered and not yet paid.",
        wattHours(plate.credit()));
  }

  private long bit(String fault) {
    return now.faults().stream().anyMatch(known -> known.name().equals(fault)) ? 1 : 0;
  }

  private void energy() {
    now.powerWatts()
        .ifPresent(
            watts ->
                gauge("chargepile_power_watts", "Power; below 0 it flows out of the car.", watts));
    out.family(
            "chargepile_energy_import_watt_hours_total",
            COUNTER,
            "The meter's lifetime register of energy into cars.")
        .sample(wattHours(now.importEnergy()));
    out.family(
            "chargepile_energy_export_watt_hours_total",
            COUNTER,
            "The meter's lifetime register of energy out of cars.")
        .sample(wattHours(now.exportEnergy()));
    out.family(
            "chargepile_lost_edges_total",
            COUNTER,
            "Edges of the meter's lines that were never seen; pulses may have gone with them.")
        .sample(now.lostEdges());
    gauge("chargepile_contactor_closed", "Whether the contactor is closed.", now.contactorClosed());
    gauge("chargepile_plugged", "Whether a car is plugged in.", now.plugged());
  }

  private void session() {
    String present = now.session().map(Snapshot.Session::phase).orElse("None");
    Exposition.Family phase =
        out.family("chargepile_session_phase", GAUGE, "1 for the phase the session is in.");
    phase.sample(Map.of("phase", "None"), present.equals("None") ? 1 : 0);
    picture
        .plate()
        .phases()
        .forEach(name -> phase.sample(Map.of("phase", name), present.equals(name) ? 1 : 0));
    now.session().ifPresent(this::session);
  }

  private void session(Snapshot.Session session) {
    both(
        "chargepile_session_delivered_watt_hours",
        "What the meter counted in the session.",
        wattHours(session.imported().delivered()),
        wattHours(session.exported().delivered()));
    both(
        "chargepile_session_paid_watt_hours",
        "What both signed for in the session.",
        wattHours(session.imported().paid()),
        wattHours(session.exported().paid()));
    both(
        money("chargepile_session_paid_%s"),
        "What went over for it.",
        amount(session.imported().amount()),
        amount(session.exported().amount()));
    gauge(
        "chargepile_session_unpaid_watt_hours",
        "Delivered and not paid yet.",
        wattHours(session.unpaid()));
    gauge(
        "chargepile_session_max_unpaid_watt_hours",
        "The most that was ever delivered and not paid.",
        wattHours(session.mostUnpaid()));
    gauge(
        "chargepile_session_charged_seconds",
        "How long the contactor was closed.",
        session.charged().toSeconds());
  }

  private void sinceStart() {
    Tally tally = picture.tally();
    out.family("chargepile_sessions_total", COUNTER, "Sessions offered since the start.")
        .sample(tally.sessions());
    out.family("chargepile_updates_total", COUNTER, "Increments that both signed since the start.")
        .sample(tally.updates());
    out.family(money("chargepile_received_%s_total"), COUNTER, "From drivers since the start.")
        .sample(amount(tally.received()));
    out.family(money("chargepile_spent_%s_total"), COUNTER, "To drivers since the start.")
        .sample(amount(tally.spent()));
  }

  private void channels() {
    gauge("chargepile_channels", "Channels that the chain has not settled.", now.channels().size());
    gauge(
        "chargepile_channels_open",
        "Channels that money can be sent through.",
        now.channels().stream().filter(channel -> channel.stage().equals("Normal")).count());
    gauge(
        money("chargepile_channel_capacity_%s"),
        "All channels' money.",
        sum(now.channels().stream().map(Snapshot.Channel::capacity)));
    out.family(money("chargepile_channel_balance_%s"), GAUGE, "Whose money that is, before fees.")
        .sample(Map.of("side", "pile"), sum(now.channels().stream().map(Snapshot.Channel::local)))
        .sample(
            Map.of("side", "driver"), sum(now.channels().stream().map(Snapshot.Channel::remote)));
  }

  private void chain() {
    Snapshot.Watch watch = now.watch();
    gauge("chargepile_chain_in_sight", "Whether the chain answers.", watch.trouble().isEmpty());
    gauge("chargepile_chain_selling", "Whether new energy is sold.", watch.selling());
    watch
        .tip()
        .ifPresent(
            tip -> gauge("chargepile_chain_tip_height", "The last block that was looked at.", tip));
    watch
        .lookedAt()
        .map(Instant::getEpochSecond)
        .ifPresent(
            seconds ->
                gauge(
                    "chargepile_chain_last_scan_timestamp_seconds",
                    "When the chain last answered.",
                    seconds));
    watch
        .feerate()
        .ifPresent(
            rate ->
                gauge(
                    "chargepile_chain_feerate_satoshis_per_kiloweight",
                    "The feerate at present.",
                    rate.satoshiPerKw()));
    watch
        .deadline()
        .ifPresent(
            deadline ->
                gauge(
                    "chargepile_chain_next_deadline_height",
                    "The block before which something must have been done.",
                    deadline.at().value()));
    switch (picture.plate().outage()) {
      case Nameplate.Outage.Blocks(int number) ->
          gauge(
              "chargepile_to_self_delay_blocks",
              "Blocks within which a cheat is punished.",
              number);
      case Nameplate.Outage.Time(Duration length) ->
          gauge(
              "chargepile_challenge_period_seconds",
              "Time within which a stale close is answered.",
              length.toSeconds());
    }
  }

  private void process(ProcessFigures process) {
    gauge(
        "process_start_time_seconds",
        "When the program was started.",
        process.started().getEpochSecond());
    out.family("process_cpu_seconds_total", COUNTER, "Processor time.")
        .sample(BigDecimal.valueOf(process.processorTime().toMillis(), 3));
    optional("process_resident_memory_bytes", "Memory that it takes.", process.residentBytes());
    gauge("jvm_memory_used_bytes", "Of it, Java's heap.", process.heapBytes());
    gauge("chargepile_disk_free_bytes", "Room where the store lies.", process.diskFreeBytes());
  }

  private void optional(String name, String help, OptionalLong value) {
    value.ifPresent(known -> gauge(name, help, known));
  }

  private void gauge(String name, String help, boolean value) {
    out.family(name, GAUGE, help).sample(value);
  }

  private void gauge(String name, String help, long value) {
    out.family(name, GAUGE, help).sample(value);
  }

  private void gauge(String name, String help, BigDecimal value) {
    out.family(name, GAUGE, help).sample(value);
  }

  private void both(String name, String help, BigDecimal imported, BigDecimal exported) {
    out.family(name, GAUGE, help)
        .sample(Map.of("direction", "import"), imported)
        .sample(Map.of("direction", "export"), exported);
  }

  private BigDecimal sum(Stream<Amount> amounts) {
    return amount(amounts.reduce(Amount.ZERO, Amount::plus));
  }

  /** A name with what amounts count, in the plural as Prometheus has it. */
  private String money(String name) {
    return name.formatted(
        switch (unit) {
          case MILLISATOSHI -> "satoshis";
          case BASE_UNIT -> "base_units";
        });
  }

  private static BigDecimal wattHours(MilliWattHours energy) {
    return BigDecimal.valueOf(energy.value(), 3);
  }

  private BigDecimal amount(Amount amount) {
    return switch (unit) {
      case MILLISATOSHI -> Denomination.SATOSHI.decimal(amount);
      case BASE_UNIT -> BigDecimal.valueOf(amount.value());
    };
  }
}
