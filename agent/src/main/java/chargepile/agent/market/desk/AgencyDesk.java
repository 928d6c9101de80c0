package chargepile.agent.market.desk;

import chargepile.agent.market.Trader;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An agency that reviews by the rules alone (P2-09, P2-10): it has every established order put
 * before them, once, and says no by itself only on feeders where its operator has given a reason.
 */
public final class AgencyDesk implements Desk {
  /** Under way at a time: those whose time is up first come first. */
  static final int MOST_AT_ONCE = 16;

  private final Policy policy;

  /**
   * What an agency's operator decides.
   *
   * @param ownParties those whose orders are somebody else's to review (P2-19)
   * @param vetoes by feeder
   * @param collectFrom the least of the fees that it withdraws at once, above 0
   */
  public record Policy(
      Set<Trader> ownParties, Map<FeederId, VetoReason> vetoes, Amount collectFrom) {
    public Policy {
      ownParties = Set.copyOf(ownParties);
      vetoes = Map.copyOf(vetoes);
      if (collectFrom.value() == 0) {
        throw new IllegalArgumentException("nothing can't be withdrawn");
      }
    }
  }

  public AgencyDesk(Policy policy) {
    this.policy = policy;
  }

  @Override
  public Decision next(MarketView view, OwnSide own, Outages remembered) {
    return next(view, remembered, Set.of());
  }

  /**
   * The same, with orders left out that the contract will not have reviewed now: they must not take
   * the place of others.
   */
  public Decision next(MarketView view, Outages remembered, Set<OrderKey> putOff) {
    Intents intents = new Intents(view);
    List<OrderView> open =
        view.orders().stream()
            .filter(order -> order.stage() == OrderStage.ESTABLISHED && !order.isLate(view.now()))
            .filter(order -> !putOff.contains(order.key()))
            .filter(order -> !order.isOf(view.self()))
            .filter(order -> policy.ownParties().stream().noneMatch(order::isOf))
            .sorted(Comparator.comparing(OrderView::deadline))
            .toList();
    long underWay = open.stream().filter(order -> isUnderWay(view, order)).count();
    open.stream()
        .filter(order -> !isUnderWay(view, order))
        .limit(Math.max(0, MOST_AT_ONCE - underWay))
        .forEach(order -> judge(intents, order));
    PileDesk.collect(intents, view, policy.collectFrom());
    return new Decision(intents.actions(), List.of(), remembered, intents.notices());
  }

  private static boolean isUnderWay(MarketView view, OrderView order) {
    return view.underWay().contains(DeskAction.OfOrder.subjectOf(order.key()));
  }

  private void judge(Intents intents, OrderView order) {
    Optional<VetoReason> veto =
        Optional.ofNullable(policy.vetoes().get(order.terms().point().feeder()));
    intents.add(
        veto.<DeskAction>map(why -> new DeskAction.Veto(order, why))
            .orElseGet(() -> new DeskAction.Review(order)));
  }
}
