package chargepile.agent.market.order;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Listing.Refusal;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** P2-05, P2-07. */
class ListingTest {
  private static final Listing LISTING =
      Listing.publish(
          new ListingId(1),
          Orders.SELLER,
          new TradePrice(600),
          EnergyType.ELECTRICITY,
          new WattHours(1000),
          Orders.hours(0, 4),
          ByteVector32.Zeroes);

  @Test
  void noMoreIsSoldThanThereIs() {
    Listing part = taken(LISTING, 1, 600);
    assertEquals(new WattHours(400), part.open());
    assertEquals(Optional.of(Refusal.NOT_ENOUGH), part.refusal(part.current(), order(2, 401)));
    assertEquals(WattHours.ZERO, taken(part, 2, 400).open());
  }

  @Test
  void whatAnOrderTookItGivesBackOnce() {
    Listing part = taken(LISTING, 1, 600);
    assertEquals(Optional.of(Refusal.TAKEN), part.refusal(part.current(), order(1, 1)));
    assertThrows(IllegalArgumentException.class, () -> part.take(part.current(), order(1, 1)));
    Listing whole = part.giveBack(new OrderId(1));
    assertEquals(LISTING, whole);
    assertEquals(LISTING, whole.giveBack(new OrderId(1)));
    assertEquals(LISTING, LISTING.giveBack(new OrderId(7)));
  }

  @Test
  void whatIsSoldIsNotGivenBack() {
    Listing sold = taken(LISTING, 1, 600).sell(new OrderId(1));
    assertEquals(Map.of(), sold.promised());
    assertEquals(new WattHours(400), sold.giveBack(new OrderId(1)).open());
  }

  /** The energy of noon is not offered again in the evening. */
  @Test
  void anAmendmentIsAnotherVersionAndTakesNothingBackOfTheEarlier() {
    Listing amended =
        taken(LISTING, 1, 600).amend(new TradePrice(600), new WattHours(5), Orders.hours(6, 7));
    assertEquals(new ListingVersion(LISTING.id(), 2), amended.current());
    assertEquals(new WattHours(5), amended.open());
    Listing back = amended.giveBack(new OrderId(1));
    assertEquals(new WattHours(5), back.open());
    assertEquals(Map.of(), back.promised());
  }

  @Test
  void anOrderIsOfTheVersionThatItWasAskedFor() {
    Listing amended = LISTING.amend(new TradePrice(600), new WattHours(5), Orders.hours(0, 4));
    assertEquals(Optional.of(Refusal.AMENDED), amended.refusal(LISTING.current(), order(1, 5)));
    assertEquals(Optional.empty(), amended.refusal(amended.current(), order(1, 5)));
  }

  @Test
  void anOrderIsAsOffered() {
    for (OrderTerms other :
        new OrderTerms[] {
          Orders.of(1, new Trader("pile-2"), 5, Orders.hours(0, 1), Orders.FEEDER),
          Orders.of(1, Orders.SELLER, 5, Orders.hours(3, 5), Orders.FEEDER),
          Orders.of(1, Orders.SELLER, 5, Orders.hours(-1, 1), Orders.FEEDER),
          Orders.with(order(1, 5), new TradePrice(601), Orders.ON_DEFAULT, Orders.CHARGES.fees()),
        }) {
      assertEquals(Optional.of(Refusal.NOT_AS_OFFERED), LISTING.refusal(LISTING.current(), other));
    }
  }

  @Test
  void whatIsWithdrawnIsNotSold() {
    Listing withdrawn = LISTING.withdraw();
    assertEquals(
        Optional.of(Refusal.WITHDRAWN), withdrawn.refusal(withdrawn.current(), order(1, 1)));
  }

  private static Listing taken(Listing listing, long id, long energy) {
    return listing.take(listing.current(), order(id, energy));
  }

  private static OrderTerms order(long id, long energy) {
    return Orders.of(id, Orders.SELLER, energy, Orders.hours(0, 1), Orders.FEEDER);
  }
}
