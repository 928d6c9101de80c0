package chargepile.agent.runtime;

import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.PeerDialer;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.ChainTrouble;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverContext;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverMachine;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.driver.DriverTransition;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegReport;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * A driver's wallet at work: the pure {@link DriverMachine} between one pile, chain and store.
 *
 * <p>Everything happens on the node's mailbox; the methods may be called from any thread. A
 * transition is stored before anything it says leaves.
 */
public final class DriverNode implements AutoCloseable {
  /** What a driver stands on; the caller closes what it opened. */
  public record Parts(
      Bus bus,
      Topics topics,
      PublicKey pile,
      NodeLedger ledger,
      Store store,
      Surroundings around,
      NodeKeys keys,
      DriverPolicy policy,
      Optional<Identity> identity) {}

  private final Parts parts;
  private final Mailbox mailbox;
  private final DriverMachine machine;
  private final NodeStore store;
  private final Errands errands;
  private final IdentityDesk identities;
  private final Moments moments;
  private final PeerLinks links = new PeerLinks(_ -> "the pile", new Linked());
  private final NodeTimers timers;
  private final Consumer<DriverTransition> observer;
  private volatile Driver published;
  private Driver driver;
  private final Optional<DriverMarket.Errands> market;
  private @Nullable PeerDialer dialer;
  private @Nullable AutoCloseable chainSubscription;

  /**
   * A driver that continues from what its store holds; {@link #start} makes it work.
   *
   * @param observer is told of every transition after its actions, on the mailbox's thread
   */
  public DriverNode(Parts parts, Consumer<DriverTransition> observer) {
    this(parts, observer, AwaitedPayments.NONE);
  }

  /**
   * The same, with payments by HTLC that the caller answers.
   *
   * @param awaited is asked on the mailbox's thread
   */
  public DriverNode(Parts parts, Consumer<DriverTransition> observer, AwaitedPayments awaited) {
    this(parts, observer, awaited, Optional.empty());
  }

  /**
   * The same, with a market that it trades on by itself.
   *
   * @param market empty: on none
   */
  public DriverNode(
      Parts parts,
      Consumer<DriverTransition> observer,
      AwaitedPayments awaited,
      Optional<Market> market) {
    this.parts = parts;
    this.observer = observer;
    this.moments = new Moments(parts.around().time(), parts.around().random());
    this.mailbox = new Mailbox(parts.around().lane(), () -> {});
    this.store = new NodeStore(parts.store());
    Legs legs = parts.ledger().legs(parts.keys(), false, store::knows);
    this.machine =
        new DriverMachine(
            new DriverContext(
                parts.policy(),
                legs,
                parts.keys().signer(),
                awaited,
                Identity.ofDriver(parts.identity(), parts.pile())));
    this.timers =
        new NodeTimers(
            parts.around().time(), mailbox, timer -> handle(new DriverEvent.TimerFired(timer)));
    this.errands =
        Errands.on(
            parts.ledger(),
            store,
            parts.around().chainThread(),
            mailbox,
            parts.around().time(),
            new Chained());
    this.identities =
        new IdentityDesk(
            parts.identity(),
            mailbox,
            parts.around().time(),
            this::notary,
            answer -> handle(new DriverEvent.Notarised(answer)));
    this.market = market.map(on -> DriverMarket.of(on, parts, mailbox, this::state, this::handle));
    store.belongsTo(parts.keys().nodeId(), parts.ledger().id());
    Snapshot snapshot = store.load();
    this.driver =
        snapshot.session().isPresent()
            ? DriverCodec.decode(
                snapshot.session().get(),
                keyIndex -> NodeStore.channel(snapshot, parts.pile(), keyIndex, legs))
            : Driver.recovered(
                new PeerChannel(PeerChannel.unusedKeyIndex(moments.now().entropy()), legs.fresh()));
    this.published = driver;
    mailbox.execute(() -> restart(snapshot));
  }

  /** Begins to dial the pile and to watch the chain. */
  public void start() {
    mailbox.start();
    identities.begin();
    market.ifPresentOrElse(
        // An offer of what was ordered would be declined by who does not know of it yet.
        trade -> mailbox.execute(() -> trade.node().afterFirstLook(this::dial)),
        this::dial);
    chainSubscription = parts.ledger().onChange(() -> mailbox.execute(errands::look));
  }

  private void dial() {
    dialer =
        new PeerDialer(
            parts.around().links(parts.bus(), mailbox, parts.keys()),
            parts.topics(),
            parts.pile(),
            links);
  }

  private void restart(Snapshot snapshot) {
    errands.resume(snapshot);
    handle(new DriverEvent.Restarted());
    errands.begin();
    market.ifPresent(trade -> trade.errands().begin());
  }

  /** The state after the last transition. */
  public Driver state() {
    return published;
  }

  /** Whether all that was enqueued is done, the chain asked included. */
  public boolean isIdle() {
    return mailbox.isIdle()
        && errands.isIdle()
        && identities.isIdle()
        && market.filter(trade -> !trade.errands().isIdle()).isEmpty();
  }

  /** What stopped the node; empty while it works. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(mailbox.failure());
  }

  public void command(DriverCommand command) {
    post(new DriverEvent.Commanded(command));
  }

  private Notary notary() {
    return driver.notary();
  }

  private void post(DriverEvent event) {
    mailbox.execute(() -> handle(event));
  }

  private void handle(DriverEvent event) {
    Moment now = moments.now();
    DriverTransition transition = machine.on(driver, event, now);
    long sequence = 0;
    for (DriverAction action : transition.actions()) {
      if (action instanceof DriverAction.Store stored) {
        sequence = commit(stored, transition, now);
        market.ifPresent(trade -> trade.stored(stored));
      }
    }
    driver = transition.next();
    for (DriverAction action : transition.actions()) {
      carryOut(action, sequence);
    }
    published = driver;
    market.ifPresent(DriverMarket.Errands::changed);
    observer.accept(transition);
  }

  private static Stream<LegAction.Errand> errands(DriverTransition transition) {
    return transition.actions().stream()
        .filter(DriverAction.Errand.class::isInstance)
        .map(action -> ((DriverAction.Errand) action).errand());
  }

  private long commit(DriverAction.Store stored, DriverTransition transition, Moment now) {
    Driver next = transition.next();
    List<Transaction> transactions =
        errands(transition).flatMap(BitcoinErrands::published).toList();
    return store.commit(
        new NodeStore.Change(
            now.wall(),
            stored.event(),
            Map.of(),
            stored.channel() ? Map.of(parts.pile(), next.channel()) : Map.of(),
            Map.of(parts.pile(), stored.remembered()),
            DriverCodec.encode(next),
            Optional.empty(),
            transactions,
            stored.receipts().stream().map(kept -> ReceiptRows.row(parts.pile(), kept)).toList(),
            ReceiptRows.settlements(stored.settlements())));
  }

  private void carryOut(DriverAction action, long commit) {
    switch (action) {
      case DriverAction.Store stored -> {} // done before all that is said
      case DriverAction.Send send -> links.send(parts.pile(), send.messages());
      case DriverAction.Errand errand -> errands.run(commit, parts.pile(), errand.errand());
      case DriverAction.Ask ask -> identities.ask(ask.task());
      case DriverAction.SetTimer set -> timers.set(set.timer(), set.after());
      case DriverAction.CancelTimer cancelled -> timers.cancel(cancelled.timer());
      case DriverAction.Tell tell -> Logger.info("{}", tell.notice());
      case DriverAction.Alert alert -> Logger.warn("{}", alert.text());
    }
  }

  /** Hangs up and stops; what was stored is continued by the next start. */
  @Override
  public void close() {
    if (chainSubscription != null) {
      try {
        chainSubscription.close();
      } catch (Exception e) {
        Logger.warn(e, "while stopping: {}", e.getMessage());
      }
    }
    mailbox.close(
        () -> {
          if (dialer != null) {
            dialer.close();
          }
          timers.close();
          errands.close();
          market.ifPresent(trade -> trade.errands().close());
        });
  }

  private final class Chained implements ChainReports {
    @Override
    public void of(PublicKey peer, LegReport report) {
      handle(new DriverEvent.Reported(report));
    }

    @Override
    public void refused(String what, String reason) {
      handle(new DriverEvent.TransactionRefused(what, reason));
    }

    @Override
    public void standing(Optional<ChainTrouble> trouble) {
      handle(new DriverEvent.ChainStanding(trouble));
    }
  }

  private final class Linked implements PeerLinks.Reports {
    @Override
    public void connected(PublicKey pile) {
      handle(new DriverEvent.PileConnected());
    }

    @Override
    public void said(PublicKey pile, List<PeerMessage> messages) {
      handle(new DriverEvent.PileSaid(messages));
      market.ifPresent(trade -> trade.heard(messages));
    }

    @Override
    public void disconnected(PublicKey pile) {
      handle(new DriverEvent.PileDisconnected());
    }
  }
}
