package chargepile.agent.sim;

/** The program is gone at this instruction. No {@code catch} of an exception sees it. */
final class Crash extends Error {
  private static final long serialVersionUID = 1;

  Crash() {
    super("killed", null, false, false);
  }
}
