package chargepile.agent.market.order;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;

/**
 * What a seller offers, for all to read (P2-05).
 *
 * @param version from 1; each amendment has the next, and an order is of the one it was asked for
 * @param open what is not promised yet
 * @param metadata hash of what else there is to say
 * @param withdrawn nothing more is sold of it
 */
public record Listing(
    ListingId id,
    int version,
    Trader seller,
    TradePrice price,
    EnergyType type,
    WattHours open,
    DeliveryWindow window,
    ByteVector32 metadata,
    boolean withdrawn) {
  public Listing {
    if (version < 1) {
      throw new IllegalArgumentException("listing versions count from 1");
    }
  }

  /** The next version, with another price, energy and window; what is ordered already stays. */
  public Listing amend(TradePrice newPrice, WattHours newOpen, DeliveryWindow newWindow) {
    return new Listing(
        id,
        Math.addExact(version, 1),
        seller,
        newPrice,
        type,
        newOpen,
        newWindow,
        metadata,
        withdrawn);
  }

  public Listing withdraw() {
    return new Listing(id, version, seller, price, type, open, window, metadata, true);
  }

  /** With less open, as a confirmation takes it (P2-07); empty when it has not so much. */
  public Optional<Listing> take(WattHours energy) {
    return withdrawn || energy.compareTo(open) > 0
        ? Optional.empty()
        : Optional.of(withOpen(open.minus(energy)));
  }

  /** With more open again, as an order that was rejected or expired gives it back. */
  public Listing giveBack(WattHours energy) {
    return withOpen(open.plus(energy));
  }

  private Listing withOpen(WattHours energy) {
    return new Listing(id, version, seller, price, type, energy, window, metadata, withdrawn);
  }
}
