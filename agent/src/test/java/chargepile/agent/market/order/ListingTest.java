package chargepile.agent.market.order;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.market.TradePrice;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** P2-05, P2-07. */
class ListingTest {
  private static final Listing LISTING =
      new Listing(
          new ListingId(1),
          1,
          Orders.SELLER,
          new TradePrice(600),
          EnergyType.ELECTRICITY,
          new WattHours(1000),
          Orders.hours(0, 4),
          ByteVector32.Zeroes,
          false);

  @Test
  void noMoreIsSoldThanThereIs() {
    Listing half = LISTING.take(new WattHours(600)).orElseThrow();
    assertEquals(new WattHours(400), half.open());
    assertEquals(Optional.empty(), half.take(new WattHours(401)));
    assertEquals(LISTING, half.giveBack(new WattHours(600)));
    assertEquals(WattHours.ZERO, half.take(new WattHours(400)).orElseThrow().open());
  }

  @Test
  void anAmendmentIsAnotherVersion() {
    Listing amended = LISTING.amend(new TradePrice(500), new WattHours(5), Orders.hours(1, 2));
    assertEquals(2, amended.version());
    assertEquals(new WattHours(5), amended.open());
    assertEquals(LISTING.id(), amended.id());
  }

  @Test
  void whatIsWithdrawnIsNotSold() {
    assertEquals(Optional.empty(), LISTING.withdraw().take(new WattHours(1)));
  }
}
