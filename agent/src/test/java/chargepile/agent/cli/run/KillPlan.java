package chargepile.agent.cli.run;

import java.time.Duration;
import java.util.Random;

/**
 * When somebody is killed in a session, and who.
 *
 * @param delay after the moment has begun
 * @param again how long after the next start they are killed a second time, in the phase {@link
 *     Moment#RESTART}
 */
record KillPlan(Moment moment, Victims victims, Duration delay, Duration again) {
  enum Moment {
    START_UP(2500),
    OPENING(3000),
    INCREMENT(700),
    ENDING(1500),
    RESTART(700),
    CLOSING(4000);

    private final int longestDelay;

    Moment(int longestDelayMillis) {
      this.longestDelay = longestDelayMillis;
    }
  }

  enum Victims {
    PILE,
    DRIVER,
    BOTH;

    boolean pile() {
      return this != DRIVER;
    }

    boolean driver() {
      return this != PILE;
    }
  }

  /** One who is killed at a random time in a moment. */
  static KillPlan draw(Moment moment, Random random) {
    return new KillPlan(
        moment,
        Victims.values()[random.nextInt(Victims.values().length)],
        Duration.ofMillis(random.nextInt(moment.longestDelay)),
        Duration.ofMillis(random.nextInt(Moment.START_UP.longestDelay)));
  }
}
