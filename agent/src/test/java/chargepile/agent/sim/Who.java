package chargepile.agent.sim;

/** The parties of a run. */
enum Who {
  PILE,
  DRIVER;

  Who other() {
    return this == PILE ? DRIVER : PILE;
  }
}
