package chargepile.agent.sim;

/** Something that must always hold does not. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String message) {
    super(message);
  }
}
