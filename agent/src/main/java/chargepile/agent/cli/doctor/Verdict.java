package chargepile.agent.cli.doctor;

/** How a check came out. */
enum Verdict {
  /** As it should be. */
  OK,
  /** Works now; somebody should look. */
  WARN,
  /** The pile does not work, or money is at risk. */
  FAIL,
  /** Not looked at, with the reason. */
  SKIPPED
}
