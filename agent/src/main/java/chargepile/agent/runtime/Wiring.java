package chargepile.agent.runtime;

import chargepile.agent.energy.EdgeReading;
import chargepile.agent.session.pile.PileLight;
import chargepile.agent.units.Direction;
import chargepile.hal.Edge;
import chargepile.hal.Light;
import chargepile.hal.Register;

/** The hardware's words in the machine's, and back. */
final class Wiring {
  private Wiring() {}

  static EdgeReading reading(Edge edge) {
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
