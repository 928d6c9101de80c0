package chargepile.agent.sim;

/** The parties of a run. */
enum Who {
  PILE,
  DRIVER
}
