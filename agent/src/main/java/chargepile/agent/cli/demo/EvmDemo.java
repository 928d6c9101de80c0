package chargepile.agent.cli.demo;

import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmReceipt;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.OrderLog;
import chargepile.agent.evm.market.SettlementEntry;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.order.Settlement;
import chargepile.agent.runtime.EvmMarketLedger;
import chargepile.agent.runtime.EvmVoucherLedger;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.leg.VoucherLeg;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.store.ReceiptRow;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.SessionId;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.SignedVoucher;
import chargepile.agent.voucher.VoucherSettings;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.hal.sim.Player;
import chargepile.hal.sim.S0Meter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tinylog.Logger;

/** A demo on an EVM chain: a market, a voucher channel, and what each comes to. */
final class EvmDemo implements AutoCloseable {
  private static final Duration CHALLENGE = Duration.ofHours(1);
  private static final Duration CLOSING = Duration.ofMinutes(10);
  private static final Duration LONGEST = Duration.ofDays(7);

  private static final EvmVoucherLedger.Pace PACE =
      new EvmVoucherLedger.Pace(Duration.ofMillis(20), Duration.ofMinutes(30));

  /** Blocks after which a channel that is not settled will not be. */
  private static final int HOPELESS = 60;

  private final DemoOptions options;
  private final DemoProgress progress;
  private final DemoWorld world;
  private final EvmDemoChain chain;
  private final EvmDemoMarket market;
  private final EvmDemoTrade trade;
  private final OldVoucher oldVoucher = new OldVoucher();
  private final DemoNodes nodes;

  /** Starts the chain and puts the market on it; nothing of the charging yet. */
  EvmDemo(
      DemoOptions options, DemoOptions.OnLedger.Evm ledger, DemoProgress progress, DemoWorld world)
      throws DemoFailedException, InterruptedException {
    this.options = options;
    this.progress = progress;
    this.world = world;
    progress.stage("starting a private EVM chain");
    this.chain = EvmDemoChain.start(ledger.anvil(), world.signer);
    try {
      S0Meter meter = S0Meter.fitting(options.impulsesPerKwh(), options.trace());
      DemoTerms terms = new DemoTerms(options, meter);
      this.market = new EvmDemoOpening(options, terms.ratedWatts(), chain, progress, world).open();
      EvmDemoDesks desks = new EvmDemoDesks(options, market, world, terms.ratedWatts());
      MarketContracts contracts = desks.contracts(chain);
      Instant now = chain.node().block(BlockRef.LATEST).orElseThrow().time();
      long firstCycle = contracts.quotes().clock(BlockRef.LATEST).cycle() + 1;
      this.trade =
          new EvmDemoTrade(options, progress, chain, agency(contracts), contracts, firstCycle);
      EvmVoucherLedger pile = ledger(market.pile(), DemoWorld.Who.PILE);
      EvmVoucherLedger driver = ledger(market.driver(), DemoWorld.Who.DRIVER);
      DemoNodes.Cast cast =
          new DemoNodes.Cast(
              nodeLedger(pile, DemoWorld.Who.PILE),
              () -> nodeLedger(driver, DemoWorld.Who.DRIVER),
              terms.pile(),
              terms.driver(new DriverPolicy.Deposit(market.deposit())),
              Optional.of(
                  trade.pile(
                      EvmMarketLedger.ofPile(
                          contracts,
                          world.pile.keys(),
                          market.pile().sender(),
                          () -> Wei.ZERO,
                          pile::onChange),
                      desks.pile())),
              () ->
                  Optional.of(
                      trade.driver(
                          EvmMarketLedger.ofDriver(
                              contracts,
                              world.driver.keys(),
                              market.driver().sender(),
                              driver::onChange),
                          desks.driver(firstCycle, now))));
      this.nodes = new DemoNodes(options, progress, world, meter, cast, oldVoucher::on);
    } catch (RuntimeException | DemoFailedException | InterruptedException e) {
      chain.close();
      throw e;
    }
  }

  private EvmDemoAgency agency(MarketContracts contracts) {
    return new EvmDemoAgency(
        contracts,
        market.agency(),
        market.agencyKeys(),
        Map.of(EvmDemoDesks.pileId(), world.pile.keys().meterId()));
  }

  private EvmVoucherLedger ledger(EvmDemoChain.Purse purse, DemoWorld.Who who) {
    return new EvmVoucherLedger(
        chain.node(),
        List.of(),
        market.channels(),
        purse.key(),
        purse.sender(),
        EvmDemoChain.FINALITY,
        PACE,
        alert -> Logger.warn("{}: {}", who, alert));
  }

  private NodeLedger nodeLedger(EvmVoucherLedger ledger, DemoWorld.Who who) {
    return new NodeLedger.Evm(ledger, settings(), world.of(who).keys().accountKey());
  }

  private VoucherSettings settings() {
    return new VoucherSettings(
        market.channels().domain(),
        market.token().address(),
        CHALLENGE,
        CHALLENGE,
        LONGEST,
        new Amount(1),
        CLOSING);
  }

  @Override
  public void close() {
    trade.close();
    chain.close();
  }

  EvmDemoResult play() throws DemoFailedException, IOException, InterruptedException {
    OrderView order;
    OrderLog.Settled settled;
    long cycle;
    try (nodes) {
      Player player = Player.start(nodes.hardware.clock(), options.speed(), gate());
      DemoPatience patience = new DemoPatience(nodes, player::failure);
      try {
        openChannel(patience);
        order = trade.trade(patience);
        cycle = trade.cycleOf(order);
        trade.awaitDelivery(order, patience);
        charge(patience);
      } finally {
        player.close();
      }
      settle(patience);
      settled = trade.settle(order, !nodes.isDriverGone(), patience);
    }
    return result(
        order,
        settled.settlement(),
        certificate(order, cycle, options.conduct() == DriverConduct.HONEST));
  }

  private Player.Gate gate() {
    DemoScript script = new DemoScript(options, progress, nodes);
    return options.speed() > 0
        ? script::run
        : new DemoGate(nodes::isIdle, nodes.pile::state, () -> !nodes.isDriverGone(), script);
  }

  private void openChannel(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("opening a voucher channel");
    nodes.start();
    patience.await("the channel to be open", () -> nodes.leg().life() == PaymentLeg.Life.IN_USE);
  }

  private void charge(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("charging");
    nodes.hardware.plugIn();
    patience.await(
        "the driver to take the pile's terms",
        () -> nodes.session().filter(s -> !(s.phase() instanceof Phase.Offered)).isPresent());
    switch (options.conduct()) {
      case VANISH ->
          patience.awaitSession(
              "the pile to close alone", session -> nodes.leg().life() != PaymentLeg.Life.IN_USE);
      case CHEAT -> {
        patience.awaitSession(
            "the session to end", session -> session.phase() instanceof Phase.Ended);
        cheat(patience);
      }
      case HONEST -> {
        patience.awaitSession(
            "the session to end", session -> session.phase() instanceof Phase.Ended);
        patience.await("the channel to close", () -> nodes.leg().life() != PaymentLeg.Life.IN_USE);
      }
    }
  }

  /** Closes with the first voucher: the contract believes it until it is shown a better one. */
  private void cheat(DemoPatience patience) throws DemoFailedException, InterruptedException {
    patience.awaitQuiet();
    VoucherSetup drivers = setup(nodes.driversLeg());
    SignedVoucher stale =
        oldVoucher.voucher().orElseThrow(() -> new DemoFailedException("nothing was signed"));
    if (nodes.number() <= stale.voucher().seq()) {
      throw new DemoFailedException(
          "only one voucher was signed, so there is no stale one to close with: use a longer"
              + " trace");
    }
    nodes.driverLeaves();
    EvmReceipt receipt =
        market
            .driver()
            .done(market.channels().requestClose("demo/cheat", drivers, Optional.of(stale)));
    progress.stage(
        "the driver asks the contract to close with its first voucher, of %s, in block %d"
            .formatted(options.money(stale.voucher().cumulative()), receipt.block()));
    patience.await(
        "the pile to challenge", () -> paid(drivers).compareTo(stale.voucher().cumulative()) > 0);
    progress.stage(
        "the pile saw it and presented the driver's latest, of " + options.money(paid(drivers)));
  }

  /** Mines, and lets the challenge period pass, until both have what is theirs. */
  private void settle(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("settling the channel");
    patience.awaitQuiet();
    if (options.conduct() == DriverConduct.VANISH) {
      nodes.driverReturns();
    }
    boolean disputed = options.conduct() != DriverConduct.HONEST;
    for (int rounds = 0; !nodes.isSettled(); rounds++) {
      patience.awaitQuiet();
      if (disputed && onLedger(setup(nodes.leg())) instanceof OnLedger.Closing) {
        progress.stage("an hour passes, in which a better voucher could be shown");
        chain.pass(CHALLENGE.plusSeconds(1));
        disputed = false;
      }
      chain.mine();
      Thread.sleep(5 * PACE.poll().toMillis());
      if (rounds > HOPELESS) {
        throw new DemoFailedException(
            "after %d blocks the channel is still %s".formatted(rounds, nodes.leg().title()));
      }
    }
  }

  /** What the contract was shown of a closing channel's own payments. */
  private Amount paid(VoucherSetup channel) {
    return onLedger(channel) instanceof OnLedger.Closing closing
        ? closing.paidBy(channel.own())
        : Amount.ZERO;
  }

  private OnLedger onLedger(VoucherSetup channel) {
    return market.channels().onLedger(channel, chain.node().block(BlockRef.LATEST).orElseThrow());
  }

  private static VoucherSetup setup(PaymentLeg leg) {
    if (leg instanceof VoucherLeg voucher) {
      return voucher.channel().book().orElseThrow().setup();
    }
    throw new IllegalStateException("a voucher channel is expected, and not " + leg.title());
  }

  private SettlementEntry.Status certificate(OrderView order, long cycle, boolean both)
      throws DemoFailedException, InterruptedException {
    Pile state = nodes.pile.state();
    SessionId session = state.session().orElseThrow().id();
    ReceiptRow receipt =
        world.pile.store().receipts().stream()
            .filter(row -> row.session().equals(session))
            .findFirst()
            .orElseThrow(() -> new DemoFailedException("the pile keeps no receipt"));
    progress.stage(
        both
            ? "both sign the settlement certificate, and the log on the chain has it"
            : "the pile alone signs a settlement certificate: the driver has a day to contest it");
    return new EvmDemoCertificate(market, chain, world)
        .present(order.key(), cycle, receipt, state.meter().registers().importEnergy(), both);
  }

  private EvmDemoResult result(
      OrderView order, Settlement settlement, SettlementEntry.Status certificate)
      throws DemoFailedException, IOException {
    Pile state = nodes.pile.state();
    PileSession session = state.session().orElseThrow();
    PaymentLeg leg = nodes.leg();
    LegOutcome outcome =
        leg.outcome()
            .orElseThrow(
                () -> new DemoFailedException("the channel is not settled but " + leg.title()));
    SessionTotals paid = DemoWatch.paid(state, session);
    VoucherSetup channel = setup(leg);
    if (!(onLedger(channel) instanceof OnLedger.Settled paidOut)) {
      throw new DemoFailedException("the contract has not paid the channel out");
    }
    Amount received = paidOut.payouts().of(channel.own());
    return new EvmDemoResult(
        nodes.watch.charged(session),
        session.delivered(Direction.IMPORT, state.meter().registers()),
        session.delivered(Direction.EXPORT, state.meter().registers()),
        paid.imported().energy().plus(paid.exported().energy()),
        session.updates(),
        new Amount(Math.abs(paid.imported().amount().value() - paid.exported().amount().value())),
        session.maxUnpaid(),
        outcome(outcome),
        nodes.watch.updateTime(),
        world.transport,
        chain.name(),
        world.signer.name(),
        world.closedStoreBytes(),
        market.registry().address(),
        market.bond(),
        order.key(),
        order.terms().energy(),
        order.terms().price(),
        settlement,
        certificate,
        channel.id(),
        leg.signed().map(SignedState::number).orElse(0L),
        market.deposit(),
        received,
        paidOut.payouts().of(channel.own().other()),
        chain.gas());
  }

  private static DemoOutcome outcome(LegOutcome outcome) throws DemoFailedException {
    return switch (outcome) {
      case COOPERATIVE_CLOSE -> DemoOutcome.COOPERATIVE_CLOSE;
      case UNILATERAL_CLOSE -> DemoOutcome.UNILATERAL_CLOSE;
      case STALE_CLOSE_ANSWERED -> DemoOutcome.STALE_CLOSE_ANSWERED;
      case ABANDONED,
          BREACH_REMEDIED,
          BREACH_LOST,
          UNKNOWN_CLOSE,
          RECOVERED,
          STALE_CLOSE_LOST,
          LEFT_TO_PEER ->
          throw new DemoFailedException("the channel ended by " + outcome);
    };
  }
}
