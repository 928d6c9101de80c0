package chargepile.agent.evm.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.RevenueSplit;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublicationsTest {
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration NOTICE = Duration.ofHours(2);

  /** Published at {@code START + hours}. */
  private static LimitsNotice published(int hours) {
    AgencyLimits limits =
        new AgencyLimits(
            Duration.ZERO,
            Duration.ofHours(hours + 1L),
            Amount.ZERO,
            new Amount(1),
            RevenueSplit.Fees.NONE,
            0,
            Amount.ZERO,
            WattHours.ZERO,
            Duration.ZERO);
    return new LimitsNotice(
        limits,
        List.of(),
        START.plus(Duration.ofHours(hours)).plus(hours == 0 ? Duration.ZERO : NOTICE));
  }

  private static Publications at(Duration time, LimitsNotice... all) {
    return Publications.of(List.of(all), NOTICE, START.plus(time));
  }

  @Test
  void theFirstHoldsAtOnce() {
    assertEquals(new Publications(published(0), Optional.empty()), at(Duration.ZERO, published(0)));
  }

  @Test
  void theNextHoldsAfterItsNotice() {
    LimitsNotice[] both = {published(0), published(5)};
    assertEquals(
        new Publications(published(0), Optional.of(published(5))),
        at(Duration.ofHours(7).minusSeconds(1), both));
    assertEquals(new Publications(published(5), Optional.empty()), at(Duration.ofHours(7), both));
  }

  @Test
  void oneThatComesBeforeThatTakesItsPlace() {
    LimitsNotice[] all = {published(0), published(5), published(6)};
    assertEquals(
        new Publications(published(0), Optional.of(published(6))), at(Duration.ofHours(7), all));
    assertEquals(new Publications(published(6), Optional.empty()), at(Duration.ofHours(8), all));
  }

  @Test
  void oneThatComesAtThatMomentFollowsIt() {
    LimitsNotice[] all = {published(0), published(5), published(7)};
    assertEquals(
        new Publications(published(5), Optional.of(published(7))), at(Duration.ofHours(7), all));
  }

  @Test
  void withoutAnyNobodyReviews() {
    assertThrows(IllegalArgumentException.class, () -> at(Duration.ZERO));
  }
}
