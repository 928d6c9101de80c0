package chargepile.agent.cli.demo;

import chargepile.agent.chain.Wallet;
import chargepile.agent.channel.Channel;
import chargepile.agent.channel.ChannelContext;
import chargepile.agent.channel.ChannelSettings;
import chargepile.agent.channel.Commitments;
import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.cli.demo.DemoWorld.Who;
import chargepile.agent.crypto.ChannelKeys;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.runtime.NodeLedger;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.Player;
import chargepile.hal.sim.S0Meter;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A demo on Bitcoin, from the opening of the channel to the last settled output. */
final class BitcoinDemo implements AutoCloseable {
  /** The paper's sequence number (P1-25): blocks that a publisher waits for its own money. */
  private static final int TO_SELF_DELAY = 50;

  private static final int FINAL_DEPTH = 6;
  private static final int MINIMUM_DEPTH = 3;
  static final Feerate FEERATE = new Feerate(1000);

  /** Blocks after which a transaction that has no effect will have none. */
  private static final int HOPELESS = 20;

  private final DemoOptions options;
  private final DemoOptions.OnLedger.Bitcoin ledger;
  private final DemoProgress progress;
  private final DemoWorld world;
  private final BitcoinDemoChain chain;
  private final Purse pile;
  private final Purse driver;
  private final OldCommitment oldCommitment;
  private final DemoNodes nodes;

  /** One side's money. */
  private record Purse(Wallet wallet, ByteVector closingScript) {}

  /** Starts the chain; nothing of the demo yet. */
  BitcoinDemo(
      DemoOptions options,
      DemoOptions.OnLedger.Bitcoin ledger,
      DemoProgress progress,
      DemoWorld world)
      throws DemoFailedException, InterruptedException {
    this.options = options;
    this.ledger = ledger;
    this.progress = progress;
    this.world = world;
    this.chain = start();
    try {
      this.pile = purse(Who.PILE);
      this.driver = purse(Who.DRIVER);
      ChannelSettings channel = channel(chain.chain().genesis().value);
      S0Meter meter = S0Meter.fitting(options.impulsesPerKwh(), options.trace());
      DemoTerms terms = new DemoTerms(options, meter);
      this.oldCommitment =
          new OldCommitment(
              keyIndex ->
                  new ChannelContext(
                      world.signer,
                      ChannelKeys.derive(world.driver.keys().seed(), keyIndex),
                      keyIndex,
                      channel,
                      false,
                      driver.closingScript()));
      DemoNodes.Cast cast =
          new DemoNodes.Cast(
              nodeLedger(pile, channel),
              () -> nodeLedger(driver, channel),
              terms.pile(),
              terms.driver(new DriverPolicy.Funding(ledger.capacity(), Amount.ZERO, FEERATE)));
      this.nodes = new DemoNodes(options, progress, world, meter, cast, oldCommitment::on);
    } catch (RuntimeException e) {
      chain.close();
      throw e;
    }
  }

  private BitcoinDemoChain start() throws DemoFailedException, InterruptedException {
    return switch (ledger.chain()) {
      case EMBEDDED -> new EmbeddedDemoChain(world.signer, ledger.capacity());
      case BITCOIND -> {
        progress.stage("starting a Bitcoin node");
        yield BitcoindDemoChain.start(ledger.bitcoind());
      }
    };
  }

  private Purse purse(Who who) {
    Wallet wallet = chain.wallet(who, world.of(who).keys().seed());
    return new Purse(wallet, wallet.freshScript());
  }

  private NodeLedger nodeLedger(Purse purse, ChannelSettings channel) {
    return new NodeLedger.Bitcoin(chain.chain(), purse.wallet(), channel, purse.closingScript());
  }

  private ChannelSettings channel(ByteVector32 chainHash) {
    return new ChannelSettings(
        chainHash,
        new ChannelSettings.CapacityBounds(new Satoshi(20_000), new Satoshi(10_000_000_000L)),
        new ChannelSettings.FeerateBounds(Feerate.MINIMUM_RELAY, new Feerate(50_000)),
        new Satoshi(354),
        10,
        TO_SELF_DELAY,
        2016,
        MINIMUM_DEPTH,
        FINAL_DEPTH,
        new Amount(1000),
        ledger.capacity().toAmount(),
        30);
  }

  @Override
  public void close() {
    chain.close();
  }

  BitcoinDemoResult play() throws DemoFailedException, IOException, InterruptedException {
    try (nodes) {
      Player player = Player.start(nodes.hardware.clock(), options.speed(), gate());
      DemoPatience patience = new DemoPatience(nodes, player::failure);
      try {
        openChannel(patience);
        charge(patience);
      } finally {
        player.close();
      }
      settle(patience);
    }
    return result();
  }

  private Channel channel() {
    return nodes.leg().penalty().orElseThrow();
  }

  private Stage stage() {
    return channel().stage();
  }

  private Player.Gate gate() {
    DemoScript script = new DemoScript(options, progress, nodes);
    return options.speed() > 0
        ? script::run
        : new DemoGate(nodes::isIdle, nodes.pile::state, () -> !nodes.isDriverGone(), script);
  }

  private void openChannel(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("opening the channel");
    nodes.start();
    if (options.direction() == Direction.EXPORT) {
      openAsPile(patience);
    }
    patience.await("the funding transaction", () -> stage() instanceof Stage.AwaitingReady);
    progress.stage("funding transaction published; mining it");
    while (!(stage() instanceof Stage.Normal)) {
      chain.mine(1);
      patience.awaitQuiet();
      requireEffect();
    }
  }

  /** Whoever pays funds the channel. */
  private void openAsPile(DemoPatience patience) throws DemoFailedException, InterruptedException {
    PublicKey driver = world.driver.keys().nodeId();
    patience.await("the driver to connect", () -> nodes.pile.state().connected().contains(driver));
    CompletableFuture<PileAction.Answer> answer =
        nodes.pile.command(
            new OperatorCommand.OpenChannel(
                driver,
                new ChannelId(new ByteVector32(world.pile.keys().nodeId().value.take(32))),
                ledger.capacity(),
                Amount.ZERO,
                FEERATE));
    patience.await("the pile to open the channel", answer::isDone);
    if (!answer.join().done()) {
      throw new DemoFailedException("the pile opens no channel: " + answer.join().text());
    }
  }

  private void requireEffect() throws DemoFailedException {
    Commitments now =
        channel()
            .commitments()
            .orElseThrow(
                () -> new DemoFailedException("the channel was given up while it was opened"));
    int depth = chain.chain().view(Set.of(), Set.of(now.funding().txid)).depth(now.funding().txid);
    if (depth > FINAL_DEPTH + HOPELESS) {
      throw new DemoFailedException(
          "the funding transaction has %d confirmations and no effect".formatted(depth));
    }
  }

  private void charge(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("charging");
    nodes.hardware.plugIn();
    patience.await(
        "the driver to take the pile's terms",
        () -> nodes.session().filter(s -> !(s.phase() instanceof Phase.Offered)).isPresent());
    if (options.conduct() == DriverConduct.VANISH) {
      patience.awaitSession(
          "the pile to close alone", session -> !(stage() instanceof Stage.Normal));
      return;
    }
    patience.awaitSession("the session to end", session -> session.phase() instanceof Phase.Ended);
    if (options.conduct() == DriverConduct.CHEAT) {
      cheat(patience);
    } else {
      patience.await("the channel to close", () -> !(stage() instanceof Stage.Normal));
    }
  }

  private void cheat(DemoPatience patience) throws DemoFailedException, InterruptedException {
    patience.awaitQuiet();
    Transaction revoked =
        oldCommitment
            .transaction()
            .orElseThrow(() -> new DemoFailedException("nothing was signed"));
    if (nodes.number() == 0) {
      throw new DemoFailedException(
          "no update was signed, so there is no revoked commitment to publish: use a longer trace");
    }
    progress.stage("the driver publishes the revoked commitment 0: " + revoked.txid);
    nodes.driverLeaves();
    chain.chain().broadcast(revoked);
    patience.awaitQuiet();
    progress.stage("the pile saw it in the mempool and took everything");
  }

  /** Mines until the pile, and a driver that still has money to fetch, have nothing left to do. */
  private void settle(DemoPatience patience) throws DemoFailedException, InterruptedException {
    progress.stage("mining until all is settled");
    patience.awaitQuiet();
    if (options.conduct() == DriverConduct.VANISH) {
      nodes.driverReturns();
      patience.awaitQuiet();
    }
    int mined = 0;
    while (!nodes.isSettled()) {
      chain.mine(1);
      patience.awaitQuiet();
      if (++mined > TO_SELF_DELAY + 4 * FINAL_DEPTH) {
        throw new DemoFailedException(
            "after %d blocks the channel is still %s".formatted(mined, stage().title()));
      }
    }
  }

  private BitcoinDemoResult result() throws DemoFailedException, IOException {
    Pile state = nodes.pile.state();
    PileSession session = state.session().orElseThrow();
    if (!(stage() instanceof Stage.Closed(Outcome outcome, var how, var end, _))) {
      throw new DemoFailedException("the channel is not settled but " + stage().title());
    }
    Commitments last =
        end.orElseThrow(() -> new DemoFailedException("the channel held no money: " + how));
    SessionTotals paid = DemoWatch.paid(state, session);
    BitcoinPayout settlement =
        BitcoinPayout.follow(
            chain.chain(),
            last.funding(),
            ledger.capacity(),
            pile.closingScript(),
            driver.closingScript());
    return new BitcoinDemoResult(
        nodes.watch.charged(session),
        session.delivered(Direction.IMPORT, state.meter().registers()),
        session.delivered(Direction.EXPORT, state.meter().registers()),
        paid.imported().energy().plus(paid.exported().energy()),
        session.updates(),
        new Amount(Math.abs(paid.imported().amount().value() - paid.exported().amount().value())),
        session.maxUnpaid(),
        last.local().number(),
        outcome(outcome, how),
        last.funding().txid,
        settlement.transactions(),
        settlement.pile(),
        settlement.driver(),
        settlement.fees(),
        ledger.capacity(),
        nodes.watch.updateTime(),
        world.transport,
        chain.name(),
        world.signer.name(),
        world.closedStoreBytes());
  }

  private static DemoOutcome outcome(Outcome outcome, String how) throws DemoFailedException {
    return switch (outcome) {
      case COOPERATIVE_CLOSE -> DemoOutcome.COOPERATIVE_CLOSE;
      case UNILATERAL_CLOSE -> DemoOutcome.UNILATERAL_CLOSE;
      case BREACH_REMEDIED -> DemoOutcome.BREACH_REMEDIED;
      case ABANDONED, BREACH_LOST, UNKNOWN_CLOSE, RECOVERED ->
          throw new DemoFailedException("the channel ended by %s: %s".formatted(outcome, how));
    };
  }
}
