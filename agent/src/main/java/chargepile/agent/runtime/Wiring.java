package chargepile.agent.runtime;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileLight;
import chargepile.agent.units.Direction;
import chargepile.hal.Contactor;
import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.HardwareStoppedException;
import chargepile.hal.Light;
import chargepile.hal.PileHardware;
import chargepile.hal.Register;
import java.util.function.Consumer;
import org.tinylog.Logger;

/** The hardware's words in the machine's, and back. */
final class Wiring {
  private Wiring() {}

  /**
   * Makes an event of all that the hardware tells; how plug and heat are now is not told but {@link
   * #read}.
   */
  static void listen(PileHardware hardware, Consumer<PileEvent> events) {
    hardware.onFailure(text -> events.accept(new PileEvent.HardwareFailed(text)));
    hardware.pulses().listen(edge -> events.accept(new PileEvent.EdgeSeen(reading(edge))));
    hardware.plug().listen(plugged -> events.accept(new PileEvent.PlugChanged(plugged)));
    hardware.heat().listen(tooHot -> events.accept(new PileEvent.HeatChanged(tooHot)));
  }

  /** How plug and heat are now. */
  static void read(PileHardware hardware, Consumer<PileEvent> events) {
    attempt(() -> events.accept(new PileEvent.PlugChanged(hardware.plug().plugged())), events);
    attempt(() -> events.accept(new PileEvent.HeatChanged(hardware.heat().tooHot())), events);
  }

  /**
   * Whether the contactor conducts, by its auxiliary contact where one is wired. One that was
   * released behind the machine's back, by failing hardware or at the end of the program, is open
   * as it should be: that is no news of it.
   *
   * @param closed whether the machine takes it for closed
   */
  static void readBack(PileHardware hardware, boolean closed, Consumer<PileEvent> events) {
    attempt(
        () -> {
          boolean conducts = hardware.contactor().engaged();
          if (conducts || !closed || hardware.contactor().commanded()) {
            events.accept(new PileEvent.ContactorRead(conducts));
          }
        },
        events);
  }

  /**
   * Closes the contactor; hardware that refuses makes an event of it. One that conducts already is
   * welded: closed on top of that, nothing would ever show it.
   */
  static void engage(PileHardware hardware, Consumer<PileEvent> events) {
    attempt(
        () -> {
          Contactor contactor = hardware.contactor();
          if (contactor.engaged() && !contactor.commanded()) {
            events.accept(new PileEvent.FoundClosed());
          } else {
            engage(contactor);
          }
        },
        events);
  }

  private static void engage(Contactor contactor) {
    try {
      contactor.engage();
    } catch (HardwareStoppedException e) {
      Logger.info("{}", e.getMessage()); // no fault: the next start goes on
    }
  }

  private static void attempt(Runnable command, Consumer<PileEvent> events) {
    try {
      command.run();
    } catch (HardwareException e) {
      events.accept(new PileEvent.HardwareFailed(String.valueOf(e.getMessage())));
    }
  }

  private static EdgeReading reading(Edge edge) {
    Direction direction = edge.register() == Register.IMPORT ? Direction.IMPORT : Direction.EXPORT;
    return new EdgeReading(direction, edge.active(), edge.timestampNanos(), edge.sequence());
  }

  static Light light(PileLight light) {
    return switch (light) {
      case READY, WAITING -> Light.READY;
      case CHARGING -> Light.CHARGING;
      case FAULT -> Light.FAULT;
    };
  }
}
