package chargepile.agent.market.desk;

import chargepile.agent.market.Match;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.Side;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import java.util.Optional;

/**
 * What a desk wants done on the chain. It says so again with every view that does not show it, and
 * never while something about the same {@link #subject} is under way.
 */
public sealed interface DeskAction {
  /** What it is about: one action of a subject is under way at a time. */
  String subject();

  /** What it is, beside its subject. */
  String detail();

  /** By which it is known: two of the same key are the same action. */
  default String key() {
    return subject() + '#' + detail();
  }

  /** The subject that a key begins with. */
  static String subjectOf(String key) {
    int end = key.indexOf('#');
    return end < 0 ? key : key.substring(0, end);
  }

  /** One about quotes. */
  sealed interface OfQuotes extends DeskAction {
    @Override
    default String subject() {
      return "quote";
    }
  }

  /** One about an order that is on the chain. */
  sealed interface OfOrder extends DeskAction {
    OrderView order();

    /** The subject of all actions about an order. */
    static String subjectOf(OrderKey order) {
      return "order/" + order;
    }

    @Override
    default String subject() {
      return subjectOf(order().key());
    }
  }

  /** One about the listing. */
  sealed interface OfListing extends DeskAction {
    @Override
    default String subject() {
      return "listing";
    }
  }

  /**
   * Information release (P2-05).
   *
   * @param number how many listings there were before
   */
  record Publish(int number, Offered offered) implements OfListing {
    @Override
    public String detail() {
      return "publish/" + number;
    }
  }

  /**
   * Another version of a listing (P2-05).
   *
   * @param version that it replaces
   */
  record Amend(ListingId listing, int version, Offered offered) implements OfListing {
    @Override
    public String detail() {
      return "amend/%d/%d".formatted(listing.value(), version);
    }
  }

  record Withdraw(ListingId listing) implements OfListing {
    @Override
    public String detail() {
      return "withdraw/" + listing.value();
    }
  }

  /** A quote of this cycle (P1-02); void when it comes in the next. */
  record PlaceQuote(long cycle, int round, Side side, Amount pricePerKwh, WattHours energy)
      implements OfQuotes {
    @Override
    public String detail() {
      return "place/%d/%d/%s".formatted(cycle, round, side);
    }
  }

  /** Another price or rest for the next round (P1-42). */
  record ChangeQuote(
      long cycle, int round, Side side, QuoteId id, Amount pricePerKwh, WattHours energy)
      implements OfQuotes {
    @Override
    public String detail() {
      return "change/%d/%d/%s/%d/%d"
          .formatted(cycle, round, id, pricePerKwh.value(), energy.value());
    }
  }

  record WithdrawQuote(long cycle, Side side, QuoteId id) implements OfQuotes {
    @Override
    public String detail() {
      return "withdraw/%d/%s".formatted(cycle, id);
    }
  }

  /**
   * What the quotes of a round match to (P1-04).
   *
   * @param asks every open ask before it, the next to be matched first
   * @param bids likewise
   */
  record Announce(
      long cycle, int round, List<Resting> asks, List<Resting> bids, List<Match> matches)
      implements DeskAction {
    public Announce {
      asks = List.copyOf(asks);
      bids = List.copyOf(bids);
      matches = List.copyOf(matches);
    }

    @Override
    public String subject() {
      return "announce";
    }

    @Override
    public String detail() {
      return "%d/%d".formatted(cycle, round);
    }
  }

  /** The order of a match, with the buyer's money in escrow (P2-06). */
  record Request(MatchedQuotes match, ContractTerms deal) implements DeskAction {
    static String subjectOf(MatchedQuotes match) {
      return "request/%s-%s".formatted(match.ask(), match.bid());
    }

    @Override
    public String subject() {
      return subjectOf(match);
    }

    @Override
    public String detail() {
      return deal.order().window().start().getEpochSecond() + "";
    }
  }

  /** P2-07. */
  record Confirm(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "confirm";
    }
  }

  /**
   * P2-07.
   *
   * @param why for the own records: the chain has no room for it
   */
  record Refuse(OrderView order, String why) implements OfOrder {
    @Override
    public String detail() {
      return "refuse";
    }
  }

  /** The own signature of the terms (P2-08). */
  record Sign(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "sign";
    }
  }

  /** Has the rules applied to the order (P2-10). */
  record Review(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "review";
    }
  }

  /** The agency's own no (P2-09). */
  record Veto(OrderView order, VetoReason why) implements OfOrder {
    @Override
    public String detail() {
      return "veto";
    }
  }

  /** P2-11. */
  record PutOnRecord(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "record";
    }
  }

  /** The delivery has begun (P2-11). */
  record Begin(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "begin";
    }
  }

  /**
   * What a channel has paid for the order.
   *
   * @param signature the seller's; empty where the seller itself says it
   */
  record Acknowledge(OrderView order, Amount paid, Optional<ByteVector> signature)
      implements OfOrder {
    @Override
    public String detail() {
      return "acknowledge/" + paid.value();
    }
  }

  /**
   * Settles by what both say (P2-11).
   *
   * @param signature the other party's, of the metering
   */
  record SettleTogether(OrderView order, Metering metering, ByteVector signature)
      implements OfOrder {
    @Override
    public String detail() {
      return "settle";
    }
  }

  /** Settles by the word of the own meter, which signs one such record of an order (P2-11). */
  record SettleByMeter(OrderView order, WattHours available, WattHours taken) implements OfOrder {
    @Override
    public String detail() {
      return "meter";
    }
  }

  /** Ends an order whose deadline is over (P2-09, P2-12). */
  record Expire(OrderView order) implements OfOrder {
    @Override
    public String detail() {
      return "expire";
    }
  }

  /** Withdraws what is owed. */
  record Collect(Amount owed) implements DeskAction {
    @Override
    public String subject() {
      return "collect";
    }

    @Override
    public String detail() {
      return Long.toString(owed.value());
    }
  }
}
