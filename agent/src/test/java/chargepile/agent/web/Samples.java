package chargepile.agent.web;

import chargepile.agent.units.Amount;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Piles as they may be. */
final class Samples {
  static final String ADDRESS =
      "chargepile:02a1633cafcc01ebfb6d78e39f687a1f0995c62fc95f51ead10a02ee0be551b5dc"
          + "@broker.example:8883/pile-1";

  static final Nameplate PLATE =
      new Nameplate(
          "pile-1",
          "0.1.0",
          ADDRESS,
          "signet",
          22_000,
          new Nameplate.Price(new Amount(300_500), new Amount(200_000), new Amount(1_500)),
          MilliWattHours.ofWattHours(1000),
          MilliWattHours.ofWattHours(1050),
          new Nameplate.Outage.Blocks(144),
          Denomination.SATOSHI,
          List.of("NOISE", "WELDED_CONTACTOR"),
          List.of("Offered", "Charging", "Ended"));

  /** The same pile, paid in a token. */
  static final Nameplate TOKEN_PLATE =
      new Nameplate(
          PLATE.pile(),
          PLATE.version(),
          PLATE.address(),
          "chain 31337",
          PLATE.ratedPowerWatts(),
          PLATE.price(),
          PLATE.increment(),
          PLATE.credit(),
          new Nameplate.Outage.Time(Duration.ofHours(12)),
          Denomination.ofToken("CPEA", 6),
          PLATE.faults(),
          PLATE.phases());

  private static final Snapshot.Watch WATCH =
      new Snapshot.Watch(
          OptionalInt.of(268_431),
          Optional.of(new Feerate(1250)),
          Optional.of(Instant.parse("2026-11-22T08:00:00Z")),
          Optional.empty(),
          true,
          Optional.of(new Snapshot.Deadline(new BlockHeight(268_575), "the next look")));

  private static final Snapshot.Fault WELDED =
      new Snapshot.Fault("WELDED_CONTACTOR", "replace it, then see gpio.contactor_readback_pin");

  private Samples() {}

  /** Ready, with nobody there. */
  static Snapshot idle() {
    return of(Optional.empty(), OptionalLong.of(0), List.of(), WATCH, true);
  }

  /** Charging at 7,312 W, 8.432 kWh delivered and 8 of them paid. */
  static Snapshot charging() {
    return of(
        Optional.of(session("s1", "Charging", 8)), OptionalLong.of(7312), List.of(), WATCH, true);
  }

  /** In the session {@code id}, of which this many kilowatt-hours are paid. */
  static Snapshot in(String id, long paid) {
    return of(
        Optional.of(session(id, "Charging", paid)), OptionalLong.of(7312), List.of(), WATCH, true);
  }

  /** After the session {@code id}. */
  static Snapshot after(String id) {
    return of(Optional.of(session(id, "Ended", 8)), OptionalLong.of(0), List.of(), WATCH, true);
  }

  /** With everything wrong that can be. */
  static Snapshot broken(String why) {
    Snapshot.Watch blind =
        new Snapshot.Watch(
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(why),
            false,
            Optional.empty());
    return of(Optional.empty(), OptionalLong.empty(), List.of(WELDED), blind, false);
  }

  /** Charging, by what the pile said last; since then it has said nothing for this long. */
  static Snapshot silent(Duration silence) {
    Snapshot last = charging();
    return new Snapshot(
        last.at(),
        silence,
        last.plugged(),
        last.contactorClosed(),
        last.powerWatts(),
        last.importEnergy(),
        last.exportEnergy(),
        last.lostEdges(),
        last.session(),
        last.channels(),
        last.drivers(),
        last.watch(),
        last.brokerConnected(),
        last.faults(),
        last.failure());
  }

  private static Snapshot of(
      Optional<Snapshot.Session> session,
      OptionalLong watts,
      List<Snapshot.Fault> faults,
      Snapshot.Watch watch,
      boolean broker) {
    return new Snapshot(
        Instant.parse("2026-11-22T08:00:04Z"),
        Duration.ZERO,
        session.isPresent(),
        session.filter(s -> !s.over()).isPresent(),
        watts,
        MilliWattHours.ofWattHours(1_843_210),
        MilliWattHours.ZERO,
        3,
        session,
        List.of(
            new Snapshot.Channel(
                "f3".repeat(32),
                "03" + "ab".repeat(32),
                "Normal",
                true,
                new Satoshi(200_000).toAmount(),
                new Amount(62_400_000),
                new Amount(137_600_000),
                208)),
        1,
        watch,
        broker,
        faults,
        Optional.empty());
  }

  private static Snapshot.Session session(String id, String phase, long paid) {
    return new Snapshot.Session(
        id,
        "03" + "ab".repeat(32),
        phase,
        "",
        phase.equals("Ended"),
        new Snapshot.Flow(
            MilliWattHours.ofWattHours(8432),
            MilliWattHours.ofWattHours(1000 * paid),
            new Amount(300_500 * paid)),
        Snapshot.Flow.NONE,
        Duration.ofSeconds(2897),
        MilliWattHours.ofWattHours(1000),
        paid);
  }
}
