package chargepile.agent.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** P1-39, P1-41. */
class TradePriceTest {
  @Test
  void theMidpointIsExactToHalfAUnit() {
    TradePrice price = TradePrice.midpoint(new Amount(10), new Amount(15));
    assertEquals(new TradePrice(25), price);
    assertEquals("12.5", price.toString());
    assertEquals("13", TradePrice.of(new Amount(13)).toString());
    assertEquals(new Amount(12_500), price.amount(new WattHours(1_000_000)));
    assertEquals(new Amount(12), price.amount(new WattHours(1000)));
  }

  @Property
  void theMidpointSuitsBoth(
      @ForAll @LongRange(max = 9_000_000_000_000_000L) long ask,
      @ForAll @LongRange(max = 1_000_000) long more) {
    TradePrice price = TradePrice.midpoint(new Amount(ask), new Amount(ask + more));
    assertTrue(price.suits(new Amount(ask), new Amount(ask + more)));
    assertEquals(more, price.doubled() - 2 * ask);
  }

  @Property
  void theAmountIsRoundedDownOnce(
      @ForAll @LongRange(max = 18_000_000_000_000_000L) long doubled,
      @ForAll @LongRange(max = 1_000_000) long energy) {
    assertEquals(
        BigInteger.valueOf(doubled)
            .multiply(BigInteger.valueOf(energy))
            .divide(BigInteger.valueOf(2000))
            .longValueExact(),
        new TradePrice(doubled).amount(new WattHours(energy)).value());
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    TradePrice dear = TradePrice.of(Quote.HIGHEST_PRICE);
    assertThrows(ArithmeticException.class, () -> dear.amount(Quote.MOST_ENERGY));
    assertThrows(IllegalArgumentException.class, () -> new TradePrice(-1));
    assertThrows(
        IllegalArgumentException.class,
        () -> Quotes.ask(1, Quote.HIGHEST_PRICE.value(), Quote.MOST_ENERGY.value()));
    assertThrows(
        IllegalArgumentException.class, () -> Quotes.ask(1, Quote.HIGHEST_PRICE.value() + 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Quotes.ask(1, 1, 0));
    assertThrows(
        IllegalArgumentException.class, () -> Quotes.ask(1, 1, Quote.MOST_ENERGY.value() + 1));
    assertThrows(IllegalArgumentException.class, () -> new Trader("Not A Name"));
    assertThrows(IllegalArgumentException.class, () -> new QuoteId(-1));
  }
}
