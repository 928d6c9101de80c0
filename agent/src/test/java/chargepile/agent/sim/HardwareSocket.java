package chargepile.agent.sim;

import chargepile.hal.Edge;
import chargepile.hal.sim.SimulatedPile;
import java.util.function.Consumer;

/** A simulated pile that outlives the programs on it: each takes the listeners' places anew. */
final class HardwareSocket {
  final SimulatedPile pile;
  Consumer<Edge> edges = edge -> {};
  Consumer<Boolean> plugs = plugged -> {};
  Consumer<Boolean> heats = tooHot -> {};
  Consumer<String> failures = what -> {};

  HardwareSocket(SimulatedPile pile) {
    this.pile = pile;
    pile.pulses().listen(edge -> edges.accept(edge));
    pile.plug().listen(plugged -> plugs.accept(plugged));
    pile.heat().listen(tooHot -> heats.accept(tooHot));
    pile.onFailure(what -> failures.accept(what));
  }
}
