package chargepile.agent.market.review;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.review.Verdict.Why;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reviews orders and remembers what it approved (P2-09, P2-10), so that in whatever order they come
 * no feeder, pile or line is promised more than it bears. Of one thread at a time.
 *
 * <p>{@link #state()} is what must be stored with each verdict, release and forgetting; a board
 * made of it goes on where this one was, also with other limits.
 */
public final class ReviewBoard {
  private final Set<Trader> reviewers;
  private final ReviewLimits limits;
  private final ConversionTables tables;
  private final Promises promises;
  private final Map<OrderId, OrderTerms> approved = new LinkedHashMap<>();
  private final Set<OrderId> reviewed;
  private Instant forgotten;

  /** A board that has reviewed nothing yet. */
  public ReviewBoard(Set<Trader> reviewers, ReviewLimits limits, ConversionTables tables) {
    this(reviewers, limits, tables, ReviewState.NONE);
  }

  /**
   * @param reviewers the agency and those it belongs to, such as the grid: their own orders are
   *     somebody else's to review (P2-19)
   * @param state of an earlier board; what it promised stays promised, also where these limits are
   *     lower
   * @throws IllegalArgumentException when the limits give the review's fee to another agency
   */
  public ReviewBoard(
      Set<Trader> reviewers, ReviewLimits limits, ConversionTables tables, ReviewState state) {
    for (Charges charges : limits.charges()) {
      if (!reviewers.contains(charges.agency())) {
        throw new IllegalArgumentException(
            "the published fees are for %s, which does not review here"
                .formatted(charges.agency()));
      }
    }
    this.reviewers = Set.copyOf(reviewers);
    this.limits = limits;
    this.tables = tables;
    this.promises = new Promises(limits.slot());
    this.reviewed = new HashSet<>(state.reviewed());
    this.forgotten = state.forgotten();
    promises.forgetBefore(forgotten);
    for (OrderTerms order : state.approved()) {
      promise(order);
    }
  }

  /** With other limits or tables, and every promise kept. */
  public ReviewBoard with(ReviewLimits newLimits, ConversionTables newTables) {
    return new ReviewBoard(reviewers, newLimits, newTables, state());
  }

  /** What must outlast a restart. */
  public ReviewState state() {
    return new ReviewState(List.copyOf(approved.values()), reviewed, forgotten);
  }

  /** Applies the rules, once for each order. */
  public Verdict review(OrderTerms order, ReviewFacts facts, Instant now) {
    Optional<Why> objection = objection(order);
    if (objection.isPresent()) {
      return new Verdict.Refused(objection.get());
    }
    Optional<ReviewRule> broken =
        Review.firstBroken(order, facts, limits, tables, promises, forgotten, now);
    if (broken.isEmpty()) {
      promise(order);
    }
    reviewed.add(order.id());
    return broken
        .<Verdict>map(rule -> new Verdict.Rejected(new RejectionReason.Rule(rule)))
        .orElseGet(Verdict.Approved::new);
  }

  /** The agency's own no, for a reason that it gives (P2-09). */
  public Verdict veto(OrderTerms order, VetoReason why) {
    Optional<Why> objection = objection(order);
    if (objection.isPresent()) {
      return new Verdict.Refused(objection.get());
    }
    reviewed.add(order.id());
    return new Verdict.Rejected(new RejectionReason.Veto(why));
  }

  /** Frees what this order was promised when it was approved, once it expires or ends early. */
  public void release(OrderId order) {
    OrderTerms terms = approved.remove(order);
    if (terms != null) {
      promises.remove(terms);
    }
  }

  /**
   * Forgets promises whose time is over. None is made before that time any more, also when the
   * clock was wrong and steps back.
   */
  public void forgetBefore(Instant now) {
    long slot = limits.slot().toSeconds();
    Instant begun = Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), slot) * slot);
    if (begun.isAfter(forgotten)) {
      forgotten = begun;
      promises.forgetBefore(begun);
      approved.values().removeIf(order -> !order.window().end().isAfter(begun));
    }
  }

  private void promise(OrderTerms order) {
    promises.add(order);
    approved.put(order.id(), order);
  }

  private Optional<Why> objection(OrderTerms order) {
    if (reviewers.contains(order.seller()) || reviewers.contains(order.buyer())) {
      return Optional.of(Why.OWN_ORDER);
    }
    return reviewed.contains(order.id()) ? Optional.of(Why.ALREADY_REVIEWED) : Optional.empty();
  }
}
