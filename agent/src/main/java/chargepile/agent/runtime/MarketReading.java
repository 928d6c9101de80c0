package chargepile.agent.runtime;

import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.OutboxEntry;
import chargepile.agent.evm.RefusedByNodeException;
import chargepile.agent.evm.market.AgencyLimits;
import chargepile.agent.evm.market.MarketClock;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.OfferedListing;
import chargepile.agent.evm.market.OrderStanding;
import chargepile.agent.evm.market.OrderStatus;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.market.Side;
import chargepile.agent.market.Trader;
import chargepile.agent.market.desk.CycleView;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.MatchView;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.TradeRules;
import chargepile.agent.market.order.Charges;
import chargepile.agent.market.order.Escrow;
import chargepile.agent.market.order.Listing;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.MatchedQuotes;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a market at the head of the chain. Used by one thread at a time. */
final class MarketReading {
  /** The first table has electricity in watt-hours, and no table ever changes. */
  private static final int ELECTRICITY = 1;

  private final MarketContracts contracts;
  private final EvmAddress account;
  private final Trader self;
  private final MarketTapes logs;
  private OpenOrders open;
  private @Nullable Constants constants;

  private record Constants(
      MarketRules rules,
      Duration receipts,
      EvmAddress grid,
      EvmAddress agency,
      RegistryContract registry) {}

  /**
   * @param reviewed the piles whose orders are to be seen that wait for their review; empty: the
   *     account's own orders are
   * @param finality from when on what a block says counts as done
   */
  MarketReading(
      MarketContracts contracts,
      EvmAddress account,
      Optional<Set<PileId>> reviewed,
      Finality finality) {
    this.contracts = contracts;
    this.account = account;
    this.self = ChainNames.trader(account);
    this.open = new OpenOrders(account, reviewed);
    this.logs =
        new MarketTapes(
            contracts,
            account,
            reviewed.isPresent(),
            finality,
            () -> open = new OpenOrders(account, reviewed));
  }

  /**
   * @param decided all that was decided on before this is called
   */
  MarketView view(List<OutboxEntry> decided) {
    EvmBlock head = head();
    BlockRef at = BlockRef.hash(head.hash());
    Constants fixed = constants();
    Optional<EvmBlock> done = logs.done();
    MarketTapes.Tapes tapes = logs.read(fixed.rules(), head, done);
    MarketClock clock = clock(at);
    Set<String> underWay = underWay(decided, contracts.node().nonce(account, at));
    List<OrderView> orders = orders(tapes, head, underWay);
    return new MarketView(
        self,
        head.time(),
        past(head, done),
        rules(fixed, contracts.board().limits(at)),
        Optional.ofNullable(clock).map(now -> cycle(fixed.rules(), tapes.quotes(), now)),
        tapes.quotes().side(Side.ASK, clock),
        tapes.quotes().side(Side.BID, clock),
        tapes.quotes().matches(),
        orders,
        listings(tapes.listings(), at),
        contracts.offers().nextAnnouncement(account, at),
        contracts.orders().owed(account, at),
        contracts.token().balance(account, at),
        active(fixed.registry(), orders, head),
        underWay);
  }

  EvmBlock head() {
    return contracts
        .node()
        .block(BlockRef.LATEST)
        .orElseThrow(() -> new EvmException(contracts.node() + " has no block yet"));
  }

  /** What is in a block of this chain shows its effect; all else may still happen. */
  private static Set<String> underWay(List<OutboxEntry> decided, long nonce) {
    return decided.stream()
        .filter(entry -> entry.finish().isEmpty() && entry.nonce() >= nonce)
        .flatMap(entry -> MarketTransactions.action(entry.intent().key()).stream())
        .map(DeskAction::subjectOf)
        .collect(Collectors.toUnmodifiableSet());
  }

  private Constants constants() {
    Constants known = constants;
    if (known == null) {
      known =
          new Constants(
              contracts.quotes().rules(),
              contracts.orders().timing().receipts(),
              contracts.board().grid(),
              contracts.board().agency(),
              new RegistryContract(contracts.node(), contracts.orders().registry()));
      constants = known;
    }
    return known;
  }

  private static TradeRules rules(Constants fixed, AgencyLimits limits) {
    return new TradeRules(
        fixed.rules().cycle().crossRule(),
        fixed.rules().cycle().matchesPerRound(),
        fixed.rules().cycle().limits().minimumFill(),
        limits.lead(),
        limits.horizon(),
        limits.floor(),
        limits.cap(),
        new TradeRules.Least(
            limits.mostTolerance(),
            limits.leastDefaultRate(),
            limits.leastEnergy(),
            limits.leastWindow()),
        new Charges(
            limits.fees(), ChainNames.trader(fixed.grid()), ChainNames.trader(fixed.agency())),
        ELECTRICITY,
        fixed.receipts());
  }

  private @Nullable MarketClock clock(BlockRef at) {
    try {
      return contracts.quotes().clock(at);
    } catch (RefusedByNodeException e) {
      if (e.isRevert()) {
        return null; // before the first cycle
      }
      throw e;
    }
  }

  private static CycleView cycle(MarketRules rules, QuoteTape quotes, MarketClock clock) {
    Instant stands = rules.matchingFrom(clock);
    return new CycleView(
        clock.cycle(),
        clock.round(),
        rules.cycle().rounds(),
        stands,
        stands.plus(rules.matching()),
        quotes.isMatched(clock));
  }

  private static Instant past(EvmBlock head, Optional<EvmBlock> done) {
    return done.map(EvmBlock::time)
        .map(time -> time.isAfter(head.time()) ? head.time() : time)
        .orElse(Instant.EPOCH);
  }

  private List<OrderView> orders(MarketTapes.Tapes tapes, EvmBlock head, Set<String> underWay) {
    BlockRef at = BlockRef.hash(head.hash());
    Set<MatchedQuotes> matches =
        tapes.quotes().matches().stream()
            .map(MatchView::pairing)
            .collect(Collectors.toUnmodifiableSet());
    Set<OrderKey> asked = open.asked(tapes.orders().orders(), matches, underWay, head.time());
    List<OrderView> views = new ArrayList<>();
    for (Map.Entry<OrderKey, OrderTape.Known> entry : tapes.orders().orders().entrySet()) {
      OrderTape.Known known = entry.getValue();
      if (known.end().isPresent()) {
        views.add(
            new OrderView(
                entry.getKey(),
                known.terms(),
                known.end().get(),
                Instant.EPOCH,
                true,
                true,
                Escrow.NONE,
                Amount.ZERO));
      } else if (asked.contains(entry.getKey())) {
        OrderStanding now = contracts.orders().order(entry.getKey(), at);
        now.deadline().ifPresent(deadline -> open.waitsUntil(entry.getKey(), deadline));
        stage(now.status())
            .ifPresent(
                stage ->
                    views.add(
                        new OrderView(
                            entry.getKey(),
                            known.terms(),
                            stage,
                            now.deadline().orElse(Instant.EPOCH),
                            now.buyerSigned(),
                            now.sellerSigned(),
                            now.escrow(),
                            now.paid())));
      }
    }
    return views;
  }

  /** The own side and those that ask it for an order now, where the registry lets them. */
  private Set<Trader> active(RegistryContract registry, List<OrderView> orders, EvmBlock head) {
    Set<Trader> concerned = new LinkedHashSet<>();
    for (OrderView order : orders) {
      if (order.stage() == OrderStage.REQUESTED
          && order.terms().seller().equals(self)
          && !head.time().isAfter(order.deadline())) {
        concerned.add(self);
        concerned.add(order.terms().buyer());
      }
    }
    BlockRef at = BlockRef.hash(head.hash());
    return concerned.stream()
        .filter(
            trader ->
                registry
                    .idOf(ChainNames.account(trader), at)
                    .filter(id -> registry.isActive(id, at))
                    .isPresent())
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Optional<OrderStage> stage(OrderStatus status) {
    return status == OrderStatus.NONE
        ? Optional.empty()
        : Optional.of(OrderStage.valueOf(status.name()));
  }

  private List<Listing> listings(Set<ListingId> ids, BlockRef at) {
    return ids.stream()
        .flatMap(id -> contracts.offers().listing(id, at).stream())
        .filter(offered -> offered.book().equals(contracts.orders().address()))
        .map(this::listing)
        .toList();
  }

  private Listing listing(OfferedListing offered) {
    return new Listing(
        offered.version().id(),
        offered.version().version(),
        self,
        offered.price(),
        offered.type(),
        offered.open(),
        offered.window(),
        ByteVector32.Zeroes,
        offered.withdrawn(),
        Map.of());
  }
}
