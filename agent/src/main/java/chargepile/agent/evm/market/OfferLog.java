package chargepile.agent.evm.market;

import chargepile.agent.market.order.EnergyType;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.ListingVersion;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.util.Optional;

/** What the offer board tells (P2-05). Its announcements are numbered without a gap. */
public sealed interface OfferLog {
  ListingId listing();

  /**
   * A new listing.
   *
   * @param type empty where what is offered is no name of a kind of energy
   */
  record Published(
      ListingId listing,
      EvmAddress seller,
      long sequence,
      EvmAddress book,
      Optional<EnergyType> type,
      Offer offer)
      implements OfferLog {}

  /**
   * Another version of a listing.
   *
   * @param offer from now on; its energy is what is open
   */
  record Amended(ListingVersion version, long sequence, Offer offer) implements OfferLog {
    @Override
    public ListingId listing() {
      return version.id();
    }
  }

  record Withdrawn(ListingId listing, long sequence) implements OfferLog {}

  /** Energy was promised, or came back. */
  record OpenChanged(ListingId listing, WattHours open) implements OfferLog {}
}
