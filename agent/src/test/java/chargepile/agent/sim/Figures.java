package chargepile.agent.sim;

/**
 * What came up in runs.
 *
 * @param energy in milliwatt-hours, paid
 * @param money in satoshi, that came to the pile
 */
record Figures(
    long runs,
    long events,
    long kills,
    long reorganisations,
    long breaches,
    long frames,
    long energy,
    long money) {
  static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0);

  Figures plus(Figures other) {
    return new Figures(
        runs + other.runs,
        events + other.events,
        kills + other.kills,
        reorganisations + other.reorganisations,
        breaches + other.breaches,
        frames + other.frames,
        energy + other.energy,
        money + other.money);
  }
}
