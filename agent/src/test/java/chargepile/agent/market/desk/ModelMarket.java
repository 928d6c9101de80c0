package chargepile.agent.market.desk;

import chargepile.agent.market.BookLimits;
import chargepile.agent.market.CrossRule;
import chargepile.agent.market.Match;
import chargepile.agent.market.OrderBook;
import chargepile.agent.market.Quote;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Resting;
import chargepile.agent.market.RevenueSplit.Fees;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trade;
import chargepile.agent.market.Trader;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.EscrowMove;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.Metering;
import chargepile.agent.market.order.Order;
import chargepile.agent.market.order.OrderDeadline;
import chargepile.agent.market.order.OrderEvent;
import chargepile.agent.market.order.OrderState;
import chargepile.agent.market.order.OrderStep;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.market.order.eip712.ContractTerms;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.WattHours;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The contracts as far as a desk meets them, in memory: who does what out of turn is refused. */
final class ModelMarket {
  static final Instant GENESIS = Instant.parse("2026-01-01T00:00:00Z");
  static final Trader GRID = new Trader("0x" + "0".repeat(38) + "01");
  static final Trader AGENCY = new Trader("0x" + "0".repeat(38) + "02");
  static final TradeRules RULES =
      new TradeRules(
          CrossRule.STRICT,
          8,
          new WattHours(100),
          Duration.ofSeconds(30),
          Duration.ofHours(4),
          new Amount(10),
          new Amount(10_000),
          TradeRules.Least.NONE,
          new Charges(new Fees(300, 50), GRID, AGENCY),
          1,
          Duration.ofSeconds(120));
  static final long CYCLE = 240;
  static final long ROUND = 120;
  static final long MATCHING = 40;
  static final Duration STAGE = Duration.ofSeconds(100);
  static final Duration EVIDENCE = Duration.ofSeconds(600);

  Instant now = GENESIS;
  private long cycle;
  private int matchedRounds;
  private OrderBook book = fresh();
  private long nextQuote = 1;
  final List<MatchView> matches = new ArrayList<>();
  private final Map<OrderKey, Held> orders = new LinkedHashMap<>();
  private final Map<ListingId, Listing> listings = new LinkedHashMap<>();
  private final Map<Trader, Long> balances = new HashMap<>();
  private final Map<Trader, Long> owed = new HashMap<>();

  /** How often a trader placed a quote in a cycle. */
  final Map<String, Integer> placed = new HashMap<>();

  private record Held(
      ContractTerms deal, OrderState state, Instant deadline, Amount acknowledged, Escrow escrow) {}

  private static OrderBook fresh() {
    return new OrderBook(CrossRule.STRICT, new BookLimits(1000, 100, RULES.minimumFill()), 0);
  }

  void fund(Trader trader, long amount) {
    balances.merge(trader, amount, Long::sum);
  }

  void pass(Duration time) {
    now = now.plus(time);
    long current = Duration.between(GENESIS, now).toSeconds() / CYCLE;
    if (current != cycle) {
      cycle = current;
      matchedRounds = 0;
      book = fresh();
    }
  }

  /** All there is, wherever it lies. */
  long money() {
    return sum(balances.values())
        + sum(owed.values())
        + orders.values().stream().mapToLong(order -> order.escrow.total().value()).sum();
  }

  private static long sum(Collection<Long> amounts) {
    return amounts.stream().mapToLong(Long::longValue).sum();
  }

  long wealth(Trader trader) {
    return balances.getOrDefault(trader, 0L) + owed.getOrDefault(trader, 0L);
  }

  long owed(Trader trader) {
    return owed.getOrDefault(trader, 0L);
  }

  int openQuotes(Trader trader) {
    return (int)
        List.of(Side.ASK, Side.BID).stream()
            .flatMap(side -> book.side(side).stream())
            .filter(open -> open.quote().trader().equals(trader))
            .count();
  }

  MarketView view(Trader self, Set<String> underWay) {
    return new MarketView(
        self,
        now,
        RULES,
        Optional.of(cycleView()),
        book.side(Side.ASK),
        book.side(Side.BID),
        matches.stream().filter(m -> m.seller().equals(self) || m.buyer().equals(self)).toList(),
        orders().stream().filter(o -> self.equals(AGENCY) || o.isOf(self)).toList(),
        listings.values().stream().filter(l -> l.seller().equals(self)).toList(),
        Instant.EPOCH,
        new Amount(owed.getOrDefault(self, 0L)),
        new Amount(balances.getOrDefault(self, 0L)),
        Set.copyOf(balances.keySet()),
        underWay);
  }

  List<OrderView> orders() {
    return orders.entrySet().stream().map(entry -> view(entry.getKey(), entry.getValue())).toList();
  }

  /** What an order that was carried out, well or badly, came to. */
  Optional<Settlement> settlement(OrderKey key) {
    return switch (Objects.requireNonNull(orders.get(key)).state) {
      case OrderState.Settled settled -> Optional.of(settled.settlement());
      case OrderState.Defaulted defaulted -> Optional.of(defaulted.settlement());
      default -> Optional.empty();
    };
  }

  private static OrderView view(OrderKey key, Held held) {
    boolean buyerSigned = !(held.state instanceof OrderState.Confirmed c) || c.buyerSigned();
    boolean sellerSigned = !(held.state instanceof OrderState.Confirmed c) || c.sellerSigned();
    return new OrderView(
        key,
        held.deal,
        stage(held.state),
        held.deadline,
        buyerSigned,
        sellerSigned,
        held.escrow,
        held.acknowledged);
  }

  static OrderStage stage(OrderState state) {
    return switch (state) {
      case OrderState.Requested _ -> OrderStage.REQUESTED;
      case OrderState.Confirmed _ -> OrderStage.CONFIRMED;
      case OrderState.Refused _ -> OrderStage.REFUSED;
      case OrderState.Established _ -> OrderStage.ESTABLISHED;
      case OrderState.Approved _ -> OrderStage.APPROVED;
      case OrderState.Rejected _ -> OrderStage.REJECTED;
      case OrderState.Expired _ -> OrderStage.EXPIRED;
      case OrderState.Recorded _ -> OrderStage.RECORDED;
      case OrderState.Executing _ -> OrderStage.EXECUTING;
      case OrderState.Settled _ -> OrderStage.SETTLED;
      case OrderState.Defaulted _ -> OrderStage.DEFAULTED;
    };
  }

  private int round() {
    return (int) (Duration.between(GENESIS, now).toSeconds() % CYCLE / ROUND);
  }

  private CycleView cycleView() {
    Instant begun = GENESIS.plusSeconds(cycle * CYCLE + round() * ROUND);
    return new CycleView(
        cycle,
        round(),
        (int) (CYCLE / ROUND),
        begun.plusSeconds(ROUND - MATCHING),
        begun.plusSeconds(ROUND),
        matchedRounds > round());
  }

  private boolean standsStill() {
    return cycleView().standsStill(now);
  }

  /** Whether the action took effect; else everything is as it was. */
  boolean apply(Trader by, DeskAction action) {
    return switch (action) {
      case DeskAction.PlaceQuote(long of, _, Side side, Amount price, WattHours energy) -> {
        boolean done = of == cycle && !standsStill() && add(by, side, price, energy, nextQuote++);
        if (done) {
          placed.merge(by + "/" + cycle, 1, Integer::sum);
        }
        yield done;
      }
      case DeskAction.ChangeQuote(
              long of,
              _,
              Side side,
              QuoteId id,
              Amount price,
              WattHours energy) ->
          of == cycle && !standsStill() && change(by, side, id, price, energy);
      case DeskAction.WithdrawQuote(long of, _, QuoteId id) ->
          of == cycle && !standsStill() && book.withdraw(id, by).isEmpty();
      case DeskAction.Announce announce -> announce(announce);
      case DeskAction.Request(MatchedQuotes pairing, ContractTerms deal) ->
          request(by, pairing, deal);
      case DeskAction.Publish(_, Offered offered) -> {
        ListingId id = new ListingId(listings.size() + 1);
        listings.put(
            id,
            Listing.publish(
                id,
                by,
                offered.price(),
                chargepile.agent.market.order.EnergyType.ELECTRICITY,
                offered.energy(),
                offered.window(),
                ByteVector32.Zeroes));
        yield true;
      }
      case DeskAction.Amend(ListingId id, _, Offered offered) ->
          listings.computeIfPresent(
                  id, (_, l) -> l.amend(offered.price(), offered.energy(), offered.window()))
              != null;
      case DeskAction.Withdraw(ListingId id) ->
          listings.computeIfPresent(id, (_, l) -> l.withdraw()) != null;
      case DeskAction.OfOrder about -> onOrder(by, about);
      case DeskAction.Collect _ -> {
        long all = owed.getOrDefault(by, 0L);
        owed.put(by, 0L);
        balances.merge(by, all, Long::sum);
        yield all > 0;
      }
    };
  }

  private boolean add(Trader by, Side side, Amount price, WattHours energy, long id) {
    return book.add(new Quote(new QuoteId(id), by, side, price, energy)).isEmpty();
  }

  private boolean change(Trader by, Side side, QuoteId id, Amount price, WattHours energy) {
    Optional<Resting> open =
        book.side(side).stream().filter(q -> q.quote().id().equals(id)).findFirst();
    if (open.isEmpty() || !open.get().quote().trader().equals(by)) {
      return false;
    }
    if (price.equals(open.get().quote().pricePerKwh())
        && energy.compareTo(open.get().rest()) <= 0) {
      return book.requote(new Quote(id, by, side, price, energy)).isEmpty();
    }
    return book.withdraw(id, by).isEmpty() && add(by, side, price, energy, nextQuote++);
  }

  private boolean announce(DeskAction.Announce announce) {
    if (announce.cycle() != cycle
        || announce.round() != round()
        || !standsStill()
        || matchedRounds > round()
        || !ids(announce.asks()).equals(ids(book.side(Side.ASK)))
        || !ids(announce.bids()).equals(ids(book.side(Side.BID)))) {
      return false;
    }
    List<Trade> trades = new ArrayList<>();
    while (trades.size() < RULES.mostMatches()) {
      Optional<Trade> trade = book.matchBest();
      if (trade.isEmpty()) {
        break;
      }
      trades.add(trade.get());
    }
    List<Match> expected = trades.stream().map(Trade::match).toList();
    if (!expected.equals(announce.matches())) {
      throw new AssertionError("announced " + announce.matches() + ", it is " + expected);
    }
    matchedRounds = round() + 1;
    for (Trade trade : trades) {
      matches.add(
          new MatchView(
              new MatchedQuotes(trade.ask().id(), trade.bid().id()),
              cycle,
              now,
              trade.seller(),
              trade.buyer(),
              trade.price(),
              trade.energy()));
    }
    return true;
  }

  private static List<QuoteId> ids(List<Resting> side) {
    return side.stream().map(open -> open.quote().id()).toList();
  }

  private boolean request(Trader by, MatchedQuotes pairing, ContractTerms deal) {
    OrderKey key = deal.key();
    boolean matched =
        matches.stream()
            .anyMatch(
                match ->
                    match.pairing().equals(pairing)
                        && match.buyer().equals(by)
                        && match.price().equals(deal.order().price())
                        && match.energy().equals(deal.order().energy()));
    if (orders.containsKey(key) || !matched || !deal.order().buyer().equals(by)) {
      return false;
    }
    OrderStep step = Order.request(deal.order());
    return become(key, deal, step, Amount.ZERO);
  }

  private boolean onOrder(Trader by, DeskAction.OfOrder action) {
    OrderKey key = action.order().key();
    Held held = orders.get(key);
    if (held == null) {
      return false;
    }
    boolean late = now.isAfter(held.deadline);
    if (action instanceof DeskAction.Expire) {
      OrderDeadline missed = held.state.waitsFor().orElse(null);
      return missed != null
          && late
          && become(
              key,
              held.deal,
              missed == OrderDeadline.EVIDENCE
                  ? Order.on(
                      held.state,
                      new OrderEvent.Metered(
                          new Metering(WattHours.ZERO, WattHours.ZERO, held.acknowledged)))
                  : Order.on(held.state, new OrderEvent.DeadlinePassed(missed)),
              held.acknowledged);
    }
    if (late) {
      return false;
    }
    boolean agency = by.equals(AGENCY);
    boolean seller = by.equals(held.deal.order().seller());
    Optional<OrderEvent> event =
        switch (action) {
          case DeskAction.Confirm _ -> Optional.of(new OrderEvent.Confirm(by));
          case DeskAction.Refuse _ -> Optional.of(new OrderEvent.Refuse(by));
          case DeskAction.Sign _ -> Optional.of(new OrderEvent.Sign(by));
          case DeskAction.Review _ ->
              agency ? Optional.of(new OrderEvent.Approve()) : Optional.empty();
          case DeskAction.Veto(_, var why) ->
              agency
                  ? Optional.of(new OrderEvent.Reject(new RejectionReason.Veto(why)))
                  : Optional.empty();
          case DeskAction.PutOnRecord _ -> Optional.of(new OrderEvent.Recorded());
          case DeskAction.Begin _ -> Optional.of(new OrderEvent.Begin());
          case DeskAction.SettleByMeter(_, WattHours available, WattHours taken) ->
              now.isBefore(held.deal.order().window().end().plus(RULES.receipts()))
                  ? Optional.empty()
                  : Optional.of(
                      new OrderEvent.Metered(new Metering(available, taken, held.acknowledged)));
          case DeskAction.SettleTogether(_, Metering metering, _) ->
              Optional.of(new OrderEvent.Metered(metering));
          case DeskAction.Acknowledge _, DeskAction.Expire _ -> Optional.empty();
        };
    if (action instanceof DeskAction.Acknowledge(_, Amount paid, var signature)) {
      boolean good = stage(held.state).isOnRecord() && (seller || signature.isPresent());
      if (good && paid.compareTo(held.acknowledged) > 0) {
        orders.put(key, new Held(held.deal, held.state, held.deadline, paid, held.escrow));
      }
      return good;
    }
    return event.isPresent()
        && become(key, held.deal, Order.on(held.state, event.get()), held.acknowledged);
  }

  private boolean become(OrderKey key, ContractTerms deal, OrderStep step, Amount acknowledged) {
    if (step.refusal().isPresent()) {
      return false;
    }
    for (EscrowMove move : step.moves()) {
      if (move instanceof EscrowMove.Lock(Trader from, Amount amount)
          && balances.getOrDefault(from, 0L) < amount.value()) {
        return false;
      }
    }
    for (EscrowMove move : step.moves()) {
      switch (move) {
        case EscrowMove.Lock(Trader from, Amount amount) ->
            balances.merge(from, -amount.value(), Long::sum);
        case EscrowMove.Release(Trader to, Amount amount) ->
            owed.merge(to, amount.value(), Long::sum);
      }
    }
    Instant deadline =
        step.next()
            .waitsFor()
            .map(
                wait ->
                    switch (wait) {
                      case EVIDENCE -> deal.order().window().end().plus(EVIDENCE);
                      case RECORD ->
                          Comparator.<Instant>naturalOrder()
                                      .compare(now.plus(STAGE), deal.order().window().start())
                                  < 0
                              ? now.plus(STAGE)
                              : deal.order().window().start();
                      case CONFIRMATION, SIGNATURES, REVIEW -> now.plus(STAGE);
                    })
            .orElse(Instant.EPOCH);
    orders.put(key, new Held(deal, step.next(), deadline, acknowledged, step.next().escrow()));
    return true;
  }
}
