package chargepile.agent.market.review;

import chargepile.agent.market.order.DeliveryPoint;
import chargepile.agent.market.order.DeliveryWindow;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the grid bears, and which pile hangs where (R5, R9).
 *
 * @param feederW what each feeder bears in each direction, in watts, 0 or more; one that is missing
 *     bears nothing
 * @param feederOf on which feeder a pile hangs; one that is missing hangs on none
 */
public record GridLimits(
    Map<FeederId, Published<Long>> feederW,
    Map<PileId, Published<FeederId>> feederOf,
    Published<List<LineLimit>> lines) {

  public GridLimits {
    feederW.forEach(
        (feeder, watts) -> {
          long least = Math.min(watts.before(), watts.after());
          if (least < 0) {
            throw new IllegalArgumentException(
                "feeder %s can't bear %d W".formatted(feeder.value(), least));
          }
        });
    feederW = Map.copyOf(feederW);
    feederOf = Map.copyOf(feederOf);
    lines = new Published<>(List.copyOf(lines.before()), lines.from(), List.copyOf(lines.after()));
  }

  /** Whether the pile is on the feeder that the two parties say, all the time. */
  boolean hasPileOnFeeder(DeliveryPoint point, DeliveryWindow window) {
    Published<FeederId> hangsOn = feederOf.get(point.pile());
    return hangsOn != null && hangsOn.is(point.feeder(), window);
  }

  /** The least that the feeder bears from now to the end of the window. */
  long leastWatts(FeederId feeder, DeliveryWindow window, Instant now) {
    Published<Long> watts = feederW.get(feeder);
    if (watts == null) {
      return 0;
    }
    long here = watts.at(now);
    return watts.changes(window, now) ? Math.min(here, watts.after()) : here;
  }

  /** The lines in force, and those that will be before the window ends. */
  Stream<LineLimit> linesUntil(DeliveryWindow window, Instant now) {
    List<LineLimit> here = lines.at(now);
    return lines.changes(window, now)
        ? Stream.concat(here.stream(), lines.after().stream())
        : here.stream();
  }
}
