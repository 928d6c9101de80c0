package chargepile.agent.runtime;

import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which orders the chain is asked about in a look. Anybody may ask for orders, and each question
 * takes time: of those that others have made up to now, a bounded number. What is too late is not
 * asked about again. Used by one thread at a time.
 */
final class OpenOrders {
  /** In one look. */
  static final int MOST_OF_OTHERS = 48;

  private final EvmAddress account;
  private final Optional<Set<ByteVector32>> reviewed;
  private final Map<OrderKey, Instant> deadlines = new HashMap<>();

  /**
   * @param reviewed the piles whose orders this account can review; empty: it is a party
   */
  OpenOrders(EvmAddress account, Optional<Set<PileId>> reviewed) {
    this.account = account;
    this.reviewed =
        reviewed.map(
            piles -> piles.stream().map(ChainNames::word).collect(Collectors.toUnmodifiableSet()));
  }

  /** What the chain said about an order. */
  void waitsUntil(OrderKey order, Instant deadline) {
    deadlines.put(order, deadline);
  }

  /**
   * The orders to ask about: the own ones that bind, or that something is under way of; of others'
   * the most likely to be answered and, among these, the first to be late.
   *
   * @param matches the own ones
   * @param underWay as {@link chargepile.agent.market.desk.MarketView} has it
   */
  Set<OrderKey> asked(
      Map<OrderKey, OrderTape.Known> orders,
      Set<MatchedQuotes> matches,
      Set<String> underWay,
      Instant now) {
    deadlines.keySet().retainAll(orders.keySet());
    Set<OrderKey> asked = new LinkedHashSet<>();
    List<Map.Entry<OrderKey, OrderTape.Known>> others = new ArrayList<>();
    orders.forEach(
        (key, known) -> {
          if (known.end().isPresent()) {
            return;
          }
          if (isOwn(known) || underWay.contains(DeskAction.OfOrder.subjectOf(key))) {
            asked.add(key);
          } else if (isAnswerable(known) && !isLate(key, now)) {
            others.add(Map.entry(key, known));
          }
        });
    // a stable sort: equals stay as they came
    others.stream()
        .sorted(Comparator.comparingInt(other -> rank(other.getValue().terms(), matches)))
        .limit(MOST_OF_OTHERS)
        .forEach(other -> asked.add(other.getKey()));
    return asked;
  }

  private boolean isOwn(OrderTape.Known known) {
    return reviewed.isEmpty() && (known.agreed() || known.terms().buyer().equals(account));
  }

  private boolean isAnswerable(OrderTape.Known known) {
    return reviewed.isEmpty()
        || (known.established()
            && reviewed
                .filter(
                    piles -> piles.contains(ChainNames.word(known.terms().order().point().pile())))
                .isPresent());
  }

  private boolean isLate(OrderKey order, Instant now) {
    return Optional.ofNullable(deadlines.get(order)).filter(now::isAfter).isPresent();
  }

  /** Of a match that there was, of a listing, of neither. */
  private int rank(ContractTerms terms, Set<MatchedQuotes> matches) {
    if (reviewed.isPresent() || terms.match().filter(matches::contains).isPresent()) {
      return 0;
    }
    return terms.order().listing().isPresent() ? 1 : 2;
  }
}
