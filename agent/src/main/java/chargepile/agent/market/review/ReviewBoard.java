package chargepile.agent.market.review;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.ConversionTables;
import chargepile.agent.market.order.OrderId;
import chargepile.agent.market.order.OrderTerms;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.review.Verdict.Why;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Reviews orders and remembers what it approved (P2-09, P2-10), so that in whatever order they come
 * no feeder, seller or line is promised more than it bears. Of one thread at a time.
 */
public final class ReviewBoard {
  private final Set<Trader> reviewers;
  private final ReviewLimits limits;
  private final ConversionTables tables;
  private final Promises promises;
  private final Set<OrderId> reviewed = new HashSet<>();
  private final Set<OrderId> approved = new HashSet<>();

  /**
   * @param reviewers the agency and those it belongs to, such as the grid: their own orders are
   *     somebody else's to review (P2-19)
   */
  public ReviewBoard(Set<Trader> reviewers, ReviewLimits limits, ConversionTables tables) {
    this.reviewers = Set.copyOf(reviewers);
    this.limits = limits;
    this.tables = tables;
    this.promises = new Promises(limits);
  }

  /** Applies the rules, once for each order. */
  public Verdict review(OrderTerms order, ReviewFacts facts, Instant now) {
    Optional<Why> objection = objection(order);
    if (objection.isPresent()) {
      return new Verdict.Refused(objection.get());
    }
    reviewed.add(order.id());
    return Review.firstBroken(order, facts, limits, tables, promises, now)
        .<Verdict>map(rule -> new Verdict.Rejected(new RejectionReason.Rule(rule)))
        .orElseGet(() -> approve(order));
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

  /** Frees what an approved order was promised, when it expires or ends early; once. */
  public void release(OrderTerms order) {
    if (approved.remove(order.id())) {
      promises.remove(order);
    }
  }

  /** Forgets promises whose time is over. */
  public void forgetBefore(Instant now) {
    promises.forgetBefore(now);
  }

  private Verdict approve(OrderTerms order) {
    approved.add(order.id());
    promises.add(order);
    return new Verdict.Approved();
  }

  private Optional<Why> objection(OrderTerms order) {
    if (reviewers.contains(order.seller()) || reviewers.contains(order.buyer())) {
      return Optional.of(Why.OWN_ORDER);
    }
    return reviewed.contains(order.id()) ? Optional.of(Why.ALREADY_REVIEWED) : Optional.empty();
  }
}
