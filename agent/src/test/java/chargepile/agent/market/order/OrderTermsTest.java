package chargepile.agent.market.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.TradePrice;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import org.junit.jupiter.api.Test;

/** P2-02. */
class OrderTermsTest {
  private static final OrderTerms TERMS = Orders.order();
  private static final Fees FEES = TERMS.charges().fees();

  @Test
  void theBuyerLocksThePriceAndBothTheDefaultAmount() {
    assertEquals(new Escrow(new Amount(3500), new Amount(500)), TERMS.escrow());
    assertEquals(new Amount(3000), TERMS.amount());
  }

  @Test
  void theDefaultAmountCoversTheFees() {
    DefaultRule least = new DefaultRule(new Amount(105), Amount.ZERO, 0);
    assertEquals(new Amount(105), Orders.with(TERMS, TERMS.price(), least, FEES).escrow().seller());
    DefaultRule less = new DefaultRule(new Amount(104), Amount.ZERO, 0);
    assertThrows(
        IllegalArgumentException.class, () -> Orders.with(TERMS, TERMS.price(), less, FEES));
  }

  @Test
  void whatCannotBeCountedIsRefused() {
    TradePrice dear = new TradePrice(Long.MAX_VALUE);
    assertThrows(
        IllegalArgumentException.class, () -> Orders.with(TERMS, dear, Orders.ON_DEFAULT, FEES));
    DefaultRule huge = new DefaultRule(new Amount(Long.MAX_VALUE), Amount.ZERO, 0);
    assertThrows(
        IllegalArgumentException.class, () -> Orders.with(TERMS, TERMS.price(), huge, FEES));
  }

  @Test
  void nobodySellsToItself() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Orders.of(1, Orders.BUYER, 1000, Orders.hours(0, 1), Orders.FEEDER));
    assertThrows(
        IllegalArgumentException.class,
        () -> Orders.of(1, Orders.SELLER, 0, Orders.hours(0, 1), Orders.FEEDER));
  }

  @Test
  void aWindowHasALengthAndItsPowerIsRoundedUp() {
    assertThrows(IllegalArgumentException.class, () -> Orders.hours(1, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> new DeliveryWindow(Orders.NOON.plusNanos(1), Orders.NOON.plusSeconds(9)));
    assertEquals(10_000, TERMS.window().power(new WattHours(10_000)));
    assertEquals(5001, Orders.hours(0, 2).power(new WattHours(10_001)));
    assertEquals(
        Long.MAX_VALUE,
        new DeliveryWindow(Orders.NOON, Orders.NOON.plusSeconds(1))
            .power(new WattHours(Long.MAX_VALUE)));
  }
}
