package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;

/** Hears how a demo goes on; may be called from any thread, and as often as one likes. */
public interface DemoProgress {
  /** Hears nothing. */
  DemoProgress NONE =
      new DemoProgress() {
        @Override
        public void stage(String text) {}

        @Override
        public void charging(
            Duration time,
            MilliWattHours energy,
            Amount paid,
            MilliWattHours unpaid,
            long powerWatts,
            long commitment) {}
      };

  /** A new part of the demo begins, such as {@code opening the channel}. */
  void stage(String text);

  /**
   * The session's state.
   *
   * @param time virtual time since the session began
   * @param energy metered so far, either way
   * @param paid moved by signed updates so far
   * @param unpaid metered and not paid for
   * @param powerWatts at the moment; negative out of the car
   * @param commitment the pile's latest commitment number
   */
  void charging(
      Duration time,
      MilliWattHours energy,
      Amount paid,
      MilliWattHours unpaid,
      long powerWatts,
      long commitment);
}
