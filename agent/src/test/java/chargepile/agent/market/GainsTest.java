package chargepile.agent.market;

import static chargepile.agent.market.Quotes.ask;
import static chargepile.agent.market.Quotes.bid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.Gains.Party;
import chargepile.agent.market.Gains.Tariffs;
import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** P2-19: three win, or it is said who does not. */
class GainsTest {
  private static final Fees FEES = new Fees(500, 100);
  private static final Tariffs TARIFFS =
      new Tariffs(new Amount(300), new Amount(100), new Amount(10));

  @Test
  void betweenFeedInAndRetailPriceAllThreeWin() {
    // 10 kWh at 200: 2000, of which 120 are fees
    assertEquals(new Gains(1000, 880, 20), Gains.of(trade(150, 250, 10_000), FEES, TARIFFS));
    assertEquals(List.of(), Gains.of(trade(150, 250, 10_000), FEES, TARIFFS).losers());
  }

  @Test
  void whoLosesIsNamed() {
    assertEquals(List.of(Party.USER), Gains.of(trade(300, 400, 10_000), FEES, TARIFFS).losers());
    assertEquals(
        List.of(Party.PRODUCER, Party.GRID),
        Gains.of(trade(90, 110, 10_000), FEES, TARIFFS).losers());
  }

  @Property
  void whatTheThreeGainIsTheSpreadLessTheMargin(
      @ForAll @LongRange(max = 500) long ask,
      @ForAll @LongRange(max = 500) long more,
      @ForAll @IntRange(min = 1, max = 100) int kwh,
      @ForAll @IntRange(max = 5000) int grid) {
    Gains gains = Gains.of(trade(ask, ask + more, 1000L * kwh), new Fees(grid, 100), TARIFFS);
    assertEquals((300 - 100 - 10L) * kwh, gains.user() + gains.producer() + gains.grid());
  }

  @Test
  void thereIsASpreadAndTheMarginIsNoMoreThanIt() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tariffs(new Amount(300), new Amount(100), new Amount(201)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Tariffs(new Amount(100), new Amount(101), Amount.ZERO));
  }

  private static Trade trade(long ask, long bid, long energy) {
    return new Trade(ask(1, ask, energy), bid(2, bid, energy), new WattHours(energy));
  }
}
