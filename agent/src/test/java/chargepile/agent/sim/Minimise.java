package chargepile.agent.sim;

/** Leaves out of a plan what a violation does not need. */
final class Minimise {
  private Minimise() {}

  static Simulation.Result of(Simulation.Result found, Deviation deviation) {
    Simulation.Result smallest = found;
    for (int i = found.plan().steps().size() - 1; i >= 0; i--) {
      Simulation.Result fewer = Simulation.run(smallest.plan().without(i), deviation);
      if (fewer.violation().isPresent()) {
        smallest = fewer;
      }
    }
    return smallest;
  }
}
