package chargepile.agent.evm.market;

import chargepile.agent.market.review.LineLimit;
import java.time.Instant;
import java.util.List;

/**
 * A publication of limits and lines.
 *
 * @param from when they come into force
 */
public record LimitsNotice(AgencyLimits limits, List<LineLimit> lines, Instant from) {
  public LimitsNotice {
    lines = List.copyOf(lines);
  }
}
