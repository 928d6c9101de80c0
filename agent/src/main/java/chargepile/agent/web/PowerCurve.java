package chargepile.agent.web;

import java.util.ArrayList;
import java.util.List;

/**
 * A session's power over time, in steps of equal length. It never grows beyond a number of points:
 * when it is full, two neighbours become one and steps are twice as long.
 *
 * @param step how many readings make a point; the readings come at equal intervals
 * @param points the mean of each step, in watts
 * @param sum of the readings of the step under way
 * @param readings how many those are, fewer than {@code step}
 */
record PowerCurve(int step, List<Long> points, long sum, int readings) {
  /** Twice as many as a phone's screen can tell apart. */
  static final int MOST = 480;

  static final PowerCurve EMPTY = new PowerCurve(1, List.of(), 0, 0);

  PowerCurve {
    points = List.copyOf(points);
  }

  /** With one more reading. */
  PowerCurve plus(long watts) {
    if (readings + 1 < step) {
      return new PowerCurve(step, points, sum + watts, readings + 1);
    }
    List<Long> more = new ArrayList<>(points);
    more.add(Math.floorDiv(sum + watts, step));
    PowerCurve full = new PowerCurve(step, more, 0, 0);
    return more.size() < MOST ? full : full.coarser();
  }

  private PowerCurve coarser() {
    List<Long> half = new ArrayList<>(points.size() / 2);
    for (int i = 0; i + 1 < points.size(); i += 2) {
      half.add(Math.floorDiv(points.get(i) + points.get(i + 1), 2));
    }
    return new PowerCurve(2 * step, half, 0, 0);
  }

  /** The points, with the step under way as far as it is known. */
  List<Long> watts() {
    if (readings == 0) {
      return points;
    }
    List<Long> all = new ArrayList<>(points);
    all.add(Math.floorDiv(sum, readings));
    return all;
  }
}
