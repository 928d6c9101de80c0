package chargepile.agent.cli.demo;

import chargepile.agent.cli.Figures;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.market.Resting;
import chargepile.agent.market.TradePrice;
import chargepile.agent.market.desk.CycleView;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.MatchView;
import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.runtime.EvmMarketLedger;
import chargepile.agent.runtime.Market;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.runtime.MarketLedger;
import chargepile.agent.runtime.MarketMemory;
import chargepile.agent.runtime.MarketReport;
import chargepile.agent.units.Amount;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The market part of a demo: the nodes trade by themselves, and this moves the chain's clock from
 * round to round and says what came of it.
 */
final class EvmDemoTrade implements AutoCloseable {
  private static final Duration MOMENT = Duration.ofSeconds(2);

  /** What an order waits for takes no longer than so many moves of the clock. */
  private static final int HOPELESS = 60;

  private final DemoOptions options;
  private final DemoProgress progress;
  private final EvmDemoChain chain;
  private final EvmDemoAgency agency;
  private final MarketContracts contracts;
  private final long firstCycle;
  private final List<ExecutorService> threads = new ArrayList<>();
  private volatile Optional<MarketReport> pile = Optional.empty();
  private volatile Optional<MarketReport> driver = Optional.empty();
  private final Set<OrderStage> said = EnumSet.noneOf(OrderStage.class);

  EvmDemoTrade(
      DemoOptions options,
      DemoProgress progress,
      EvmDemoChain chain,
      EvmDemoAgency agency,
      MarketContracts contracts,
      long firstCycle) {
    this.options = options;
    this.firstCycle = firstCycle;
    this.progress = progress;
    this.chain = chain;
    this.agency = agency;
    this.contracts = contracts;
  }

  Market pile(EvmMarketLedger ledger, Desk desk) {
    return market(
        ledger,
        desk,
        report -> {
          report.view().orders().forEach(this::say);
          pile = Optional.of(report);
        });
  }

  Market driver(EvmMarketLedger ledger, Desk desk) {
    return market(ledger, desk, report -> driver = Optional.of(report));
  }

  private Market market(MarketLedger ledger, Desk desk, Consumer<MarketReport> seen) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().name("market").daemon().factory());
    threads.add(thread);
    return new Market(ledger, desk, new Forgetful(), thread, seen, Optional.of(this::chainTime));
  }

  /** A demo is never restarted. */
  private static final class Forgetful implements MarketMemory {
    private Optional<byte[]> kept = Optional.empty();

    @Override
    public Optional<byte[]> load() {
      return kept;
    }

    @Override
    public void save(byte[] remembered) {
      kept = Optional.of(remembered.clone());
    }
  }

  /** Two cycles of quotes, then what an order needs until it is on record. */
  OrderView trade(DemoPatience patience) throws DemoFailedException, InterruptedException {
    awaitQuiet(patience, true);
    passTo(contracts.quotes().rules().start(firstCycle).plus(MOMENT));
    awaitQuiet(patience, true);
    progress.stage("trading: quotes of pile and driver, who go on from round to round");
    for (int round = 0; orders().isEmpty(); round++) {
      CycleView now = cycle();
      sayQuotes(now);
      passTo(now.standsFrom().plus(MOMENT));
      awaitQuiet(patience, true);
      sayMatch();
      if (!matches().isEmpty()) {
        break;
      }
      passTo(now.roundEnds().plus(MOMENT));
      awaitQuiet(patience, true);
      if (round > 3 * now.rounds()) {
        throw new DemoFailedException("pile and driver don't come together: " + reasons());
      }
    }
    for (int moves = 0; moves < HOPELESS; moves++) {
      awaitQuiet(patience, true);
      Optional<OrderView> order = orders().stream().findFirst();
      if (order.isPresent()) {
        if (order.get().stage().isOnRecord()) {
          return order.get();
        }
        if (order.get().stage().isOver()) {
          throw new DemoFailedException("the order ended as " + order.get().stage());
        }
      }
      chain.pass(Duration.ofSeconds(20));
    }
    throw new DemoFailedException("no order came to be of the match: " + reasons());
  }

  /** The cycle in which an order's quotes were matched. */
  long cycleOf(OrderView order) {
    return matches().stream()
        .filter(match -> order.deal().match().filter(match.pairing()::equals).isPresent())
        .mapToLong(MatchView::cycle)
        .findFirst()
        .orElse(firstCycle);
  }

  /** To the time at which the order's energy is to flow. */
  void awaitDelivery(OrderView order, DemoPatience patience)
      throws DemoFailedException, InterruptedException {
    passTo(order.terms().window().start().plus(MOMENT));
    awaitQuiet(patience, true);
  }

  /**
   * Behind the delivery, until the order is settled and everybody has what is theirs.
   *
   * @param both whether the driver is still there
   */
  OrderLog.Settled settle(OrderView order, boolean both, DemoPatience patience)
      throws DemoFailedException, InterruptedException {
    awaitQuiet(patience, both);
    Instant evidence = order.terms().window().end().plus(view().rules().receipts());
    if (chainTime().isBefore(evidence)) {
      progress.stage("the delivery's time passes, and the order is settled");
      passTo(order.terms().window().end().plus(MOMENT));
      awaitQuiet(patience, both);
      passTo(evidence.plus(MOMENT));
    }
    for (int moves = 0; moves < HOPELESS; moves++) {
      awaitQuiet(patience, both);
      Optional<OrderLog.Settled> settled = settled(order);
      if (settled.isPresent()) {
        return settled.get();
      }
      chain.pass(Duration.ofMinutes(5));
    }
    throw new DemoFailedException("the order is not settled: " + reasons());
  }

  private Optional<OrderLog.Settled> settled(OrderView order) {
    long head = chain.node().block(BlockRef.LATEST).orElseThrow().number();
    return contracts.orders().history(contracts.since(), head).stream()
        .filter(OrderLog.Settled.class::isInstance)
        .map(OrderLog.Settled.class::cast)
        .filter(log -> log.order().equals(order.key()))
        .findFirst();
  }

  private void sayQuotes(CycleView cycle) {
    MarketView view = view();
    progress.stage(
        "  cycle %d, round %d of %d: %s, %s"
            .formatted(
                cycle.number() - firstCycle + 1,
                cycle.round() + 1,
                cycle.rounds(),
                quotes("the pile asks", view.asks()),
                quotes("the driver bids", view.bids())));
  }

  private String quotes(String who, List<Resting> quotes) {
    return quotes.stream()
        .findFirst()
        .map(
            quote ->
                "%s %s a kWh for %d Wh"
                    .formatted(
                        who, options.money(quote.quote().pricePerKwh()), quote.rest().value()))
        .orElse(who + " nothing");
  }

  private void sayMatch() {
    List<MatchView> matches = matches();
    progress.stage(
        matches.isEmpty()
            ? "    announced: nothing crosses"
            : "    announced: %d Wh at %s a kWh"
                .formatted(matches.getFirst().energy().value(), price(matches.getFirst().price())));
  }

  /** Exact to half a unit. */
  private String price(TradePrice price) {
    return options.money(new Amount(price.doubled() / 2))
        + (price.doubled() % 2 == 0 ? "" : " and a half");
  }

  /** On the pile's mailbox: each stage once. */
  private void say(OrderView order) {
    if (!said.add(order.stage())) {
      return;
    }
    progress.stage(
        switch (order.stage()) {
          case REQUESTED ->
              "  the driver asks for an order of %s, with its price in escrow"
                  .formatted(energy(order));
          case CONFIRMED -> "  the pile confirms it, with what a default would cost it";
          case ESTABLISHED -> "  both have signed it";
          case APPROVED -> "  it passes the agency's review";
          case RECORDED ->
              "  it is on record, for delivery from %s on"
                  .formatted(order.terms().window().start());
          case EXECUTING -> "  the order's energy flows";
          case SETTLED -> "  the order is settled";
          case DEFAULTED -> "  the order is settled as a default";
          case REFUSED, REJECTED, EXPIRED -> "  the order ended as " + order.stage();
        });
  }

  private static String energy(OrderView order) {
    return Figures.grouped(order.terms().energy().value()) + " Wh";
  }

  private MarketView view() {
    return pile.orElseThrow().view();
  }

  private CycleView cycle() {
    return view().cycle().orElseThrow();
  }

  private List<OrderView> orders() {
    return view().orders();
  }

  private List<MatchView> matches() {
    return view().matches();
  }

  private Instant chainTime() {
    return chain.node().block(BlockRef.LATEST).orElseThrow().time();
  }

  private void passTo(Instant time) {
    Duration left = Duration.between(chainTime(), time);
    if (left.isPositive()) {
      chain.pass(left);
    }
  }

  /** Until all have seen the latest block, and want nothing more. */
  private void awaitQuiet(DemoPatience patience, boolean both)
      throws DemoFailedException, InterruptedException {
    BooleanSupplier quiet = () -> agency.look() && isQuiet(pile) && (!both || isQuiet(driver));
    patience.await("the market to be quiet", quiet);
  }

  private boolean isQuiet(Optional<MarketReport> seen) {
    return seen.filter(report -> !report.view().now().isBefore(chainTime()))
        .filter(report -> report.decision().actions().isEmpty())
        .filter(report -> report.view().underWay().isEmpty())
        .isPresent();
  }

  private String reasons() {
    return "pile %s, driver %s"
        .formatted(
            pile.map(report -> report.decision().notices()).orElse(List.of()),
            driver.map(report -> report.decision().notices()).orElse(List.of()));
  }

  @Override
  public void close() {
    threads.forEach(ExecutorService::shutdownNow);
  }
}
