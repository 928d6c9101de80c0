package chargepile.agent.market.order;

import chargepile.agent.market.TradePrice;
import chargepile.agent.market.Trader;
import chargepile.agent.units.WattHours;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everybody's listings (P2-05), and what orders take of them (P2-07). Each call says when it
 * happens, by the sequencer's clock; who calls is checked before. Of one thread at a time.
 */
public final class ListingBoard {
  private final ListingRate rate;
  private final Map<ListingId, Listing> listings = new TreeMap<>();
  private final Map<Trader, Deque<Instant>> changes = new HashMap<>();

  public ListingBoard(ListingRate rate) {
    this(rate, List.of());
  }

  /**
   * @param kept of an earlier board, as {@link #listings()} gave them
   */
  public ListingBoard(ListingRate rate, Collection<Listing> kept) {
    this.rate = rate;
    kept.forEach(listing -> listings.put(listing.id(), listing));
  }

  /** Why nothing is published, amended or withdrawn. */
  public enum Refusal {
    ID_TAKEN("a listing has this id"),
    UNKNOWN("there is no such listing"),
    NOT_YOURS("the listing is another party's"),
    WITHDRAWN("the listing is withdrawn: publish another"),
    TOO_OFTEN("the party has published and amended as often as it may: wait");

    private final String text;

    Refusal(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** Every listing by its id: what must outlast a restart. */
  public List<Listing> listings() {
    return List.copyOf(listings.values());
  }

  public Optional<Listing> listing(ListingId id) {
    return Optional.ofNullable(listings.get(id));
  }

  /** A new listing, in its first version; empty when it stands. */
  public Optional<Refusal> publish(Listing listing, Instant at) {
    if (listings.containsKey(listing.id())) {
      return Optional.of(Refusal.ID_TAKEN);
    }
    Optional<Refusal> refusal = counted(listing.seller(), at);
    if (refusal.isEmpty()) {
      listings.put(listing.id(), listing);
    }
    return refusal;
  }

  /** Another price, energy and window; empty when it stands. */
  public Optional<Refusal> amend(
      ListingId id,
      Trader by,
      TradePrice price,
      WattHours open,
      DeliveryWindow window,
      Instant at) {
    Optional<Refusal> refusal = objection(id, by).or(() -> counted(by, at));
    if (refusal.isEmpty()) {
      listings.computeIfPresent(id, (_, listing) -> listing.amend(price, open, window));
    }
    return refusal;
  }

  /** Sells no more of it; as often as one likes. */
  public Optional<Refusal> withdraw(ListingId id, Trader by) {
    Optional<Refusal> refusal = objection(id, by);
    if (refusal.isEmpty()) {
      listings.computeIfPresent(id, (_, listing) -> listing.withdraw());
    }
    return refusal;
  }

  /** Carries out what an order's step asks for; empty when it is done. */
  public Optional<Listing.Refusal> carryOut(ListingMove move) {
    Listing listing = listings.get(move.listing());
    if (listing == null) {
      return Optional.of(Listing.Refusal.WITHDRAWN);
    }
    return switch (move) {
      case ListingMove.Take(ListingVersion from, OrderTerms terms) -> {
        Optional<Listing.Refusal> refusal = listing.refusal(from, terms);
        if (refusal.isEmpty()) {
          listings.put(listing.id(), listing.take(from, terms));
        }
        yield refusal;
      }
      case ListingMove.GiveBack(ListingId _, OrderId order) -> {
        listings.put(listing.id(), listing.giveBack(order));
        yield Optional.empty();
      }
      case ListingMove.Sell(ListingId _, OrderId order) -> {
        listings.put(listing.id(), listing.sell(order));
        yield Optional.empty();
      }
    };
  }

  private Optional<Refusal> objection(ListingId id, Trader by) {
    Listing listing = listings.get(id);
    if (listing == null) {
      return Optional.of(Refusal.UNKNOWN);
    }
    if (!listing.seller().equals(by)) {
      return Optional.of(Refusal.NOT_YOURS);
    }
    return listing.withdrawn() ? Optional.of(Refusal.WITHDRAWN) : Optional.empty();
  }

  /** Counts a change, unless it is one too many; one in the future counts as of now. */
  private Optional<Refusal> counted(Trader seller, Instant at) {
    Deque<Instant> recent = changes.computeIfAbsent(seller, _ -> new ArrayDeque<>());
    Instant since = at.minus(rate.period());
    while (!recent.isEmpty() && !recent.getFirst().isAfter(since)) {
      recent.removeFirst();
    }
    if (recent.size() == rate.changes()) {
      return Optional.of(Refusal.TOO_OFTEN);
    }
    recent.addLast(at);
    return Optional.empty();
  }
}
