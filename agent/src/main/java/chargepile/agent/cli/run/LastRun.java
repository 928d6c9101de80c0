package chargepile.agent.cli.run;

import chargepile.agent.cli.Figures;
import chargepile.agent.cli.node.Found;
import chargepile.agent.energy.Registers;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Denomination;
import chargepile.agent.units.Direction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pile finds in its store when it starts, and how it goes on: lines for the log. */
final class LastRun {
  private LastRun() {}

  /**
   * Nothing for a pile that has never run.
   *
   * @param cutOff whether the last run ended without closing the store
   * @param money how its amounts are written
   * @param pile as it was stored last
   */
  static List<String> lines(Path store, boolean cutOff, Denomination money, Pile pile) {
    List<String> lines = new ArrayList<>();
    if (cutOff) {
      lines.add(Found.cutOff(store));
    }
    Registers registers = pile.meter().registers();
    if (!registers.equals(Registers.ZERO)) {
      lines.add(
          "found the registers at %s in, %s out"
              .formatted(
                  Figures.energy(registers.importEnergy()),
                  Figures.energy(registers.exportEnergy())));
    }
    pile.channels()
        .values()
        .forEach(known -> Found.channel(known.leg(), money).ifPresent(lines::add));
    pile.session().ifPresent(session -> lines.add(session(session, registers)));
    if (!pile.faults().isEmpty()) {
      lines.add("found faults that nobody has cleared: " + pile.faults());
    }
    return lines;
  }

  private static String session(PileSession session, Registers registers) {
    return "found session %s with driver %s, %s after %s: %s"
        .formatted(
            session.id(),
            session.peer(),
            session.phase().title().toLowerCase(Locale.ROOT),
            Figures.energy(session.delivered(Direction.IMPORT, registers)),
            plan(session.phase()));
  }

  private static String plan(Phase phase) {
    return switch (phase) {
      case Phase.Offered() -> "it is offered again when the driver is back";
      case Phase.Paused(var cause) when cause == Phase.Cause.OPERATOR ->
          "it stays paused until the operator resumes it";
      case Phase.Charging(), Phase.Paused _ ->
          "it goes on when the driver is back; the contactor is open until then";
      case Phase.Stopping _, Phase.Settling _ ->
          "it is settled when the driver is back; nothing flows any more";
      case Phase.Ended(var reason, _) -> "it is over: " + reason;
    };
  }
}
