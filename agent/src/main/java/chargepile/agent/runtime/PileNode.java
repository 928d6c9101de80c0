package chargepile.agent.runtime;

import chargepile.agent.energy.PlausibilityLimits;
import chargepile.agent.mqtt.BrokerSettings;
import chargepile.agent.mqtt.Bus;
import chargepile.agent.mqtt.PeerListener;
import chargepile.agent.mqtt.Topics;
import chargepile.agent.ocmf.MeterSigner;
import chargepile.agent.session.AwaitedPayments;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileCodec;
import chargepile.agent.session.pile.PileContext;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileMachine;
import chargepile.agent.session.pile.PileSettings;
import chargepile.agent.session.pile.PileTransition;
import chargepile.agent.session.pile.SealedMeter;
import chargepile.agent.store.Snapshot;
import chargepile.agent.store.Store;
import chargepile.hal.PileHardware;
import fr.acinq.bitcoin.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * A pile at work: the pure {@link PileMachine} between hardware, drivers, chain and store.
 *
 * <p>Everything happens on the node's mailbox; the methods may be called from any thread. A
 * transition is stored before anything it says leaves. When the store refuses, or anything else
 * goes wrong that should not, the contactor opens and the node takes no further event.
 */
public final class PileNode implements AutoCloseable {
  /** What a pile stands on; the caller closes what it opened. */
  public record Parts(
      PileHardware hardware,
      Bus bus,
      Topics topics,
      NodeLedger ledger,
      Store store,
      Surroundings around,
      NodeKeys keys,
      PileSettings settings,
      Optional<Identity> identity,
      boolean publishPeer) {}

  private static final Duration READ_BACK_DELAY = Duration.ofMillis(10);

  /** The last will to give to a pile's bus: {@code offline} on its status topic. */
  public static BrokerSettings.Will lastWill(Topics topics) {
    return new BrokerSettings.Will(topics.status(), PileTopics.OFFLINE);
  }

  private final Parts parts;
  private final Mailbox mailbox;
  private final PileMachine machine;
  private final NodeStore store;
  private final Errands errands;
  private final IdentityDesk identities;
  private final PileTopics documents;
  private final Moments moments;
  private final PileReports reports = new PileReports(this::handle);
  private final PeerLinks links = new PeerLinks(peer -> "driver " + peer, reports);
  private final NodeTimers timers;
  private final ContactorRelease release;
  private final PendingAnswers answers = new PendingAnswers();
  private final List<AutoCloseable> subscriptions = new ArrayList<>();
  private final Consumer<PileTransition> observer;
  private volatile Pile published;
  private Pile pile;
  private final Optional<PileMarket.Errands> market;
  private @Nullable PeerListener listener;

  /**
   * A pile that continues from what its store holds; {@link #start} makes it work.
   *
   * @param observer is told of every transition after its actions, on the mailbox's thread
   */
  public PileNode(Parts parts, Consumer<PileTransition> observer) {
    this(parts, observer, AwaitedPayments.NONE);
  }

  /**
   * The same, with payments by HTLC that the caller answers.
   *
   * @param awaited is asked on the mailbox's thread
   */
  public PileNode(Parts parts, Consumer<PileTransition> observer, AwaitedPayments awaited) {
    this(parts, observer, awaited, Optional.empty());
  }

  /**
   * The same, with a market that it trades on by itself.
   *
   * @param market empty: on none
   */
  public PileNode(
      Parts parts,
      Consumer<PileTransition> observer,
      AwaitedPayments awaited,
      Optional<Market> market) {
    this.parts = parts;
    this.observer = observer;
    this.moments = new Moments(parts.around().time(), parts.around().random());
    this.mailbox = new Mailbox(parts.around().lane(), this::giveUp);
    this.timers = new NodeTimers(parts.around().time(), mailbox, this::fired);
    this.release =
        new ContactorRelease(
            parts.hardware().contactor(),
            () -> state().contactor().closed(),
            parts.around().time(),
            mailbox,
            this::post);
    this.store = new NodeStore(parts.store());
    Legs legs = parts.ledger().legs(parts.keys(), true, store::knows);
    this.machine =
        new PileMachine(
            new PileContext(
                parts.settings(),
                legs,
                Optional.of(
                    new SealedMeter(
                        new MeterSigner(parts.keys().signer(), parts.keys().meterKey()),
                        parts.topics().pileId())),
                awaited,
                Identity.ofPile(parts.identity())));
    this.errands =
        Errands.on(
            parts.ledger(),
            store,
            parts.around().chainThread(),
            mailbox,
            parts.around().time(),
            reports);
    this.documents =
        new PileTopics(
            parts.bus(),
            parts.topics(),
            parts.around().linkTimers(),
            mailbox,
            parts.keys().nodeId(),
            parts.keys().meterId(),
            parts.ledger().paidIn(),
            parts.settings(),
            parts.publishPeer());
    this.identities =
        new IdentityDesk(
            parts.identity(),
            mailbox,
            parts.around().time(),
            this::notary,
            answer -> handle(new PileEvent.Notarised(answer)));
    this.market =
        market.map(
            on ->
                PileMarket.of(
                    on, parts, mailbox, this::state, this::handle, documents::publish, links));
    store.belongsTo(parts.keys().nodeId(), parts.ledger().id());
    Snapshot snapshot = store.load();
    this.pile =
        snapshot.session().isPresent()
            ? PileCodec.decode(
                snapshot.session().get(),
                parts.settings(),
                (peer, keyIndex) -> NodeStore.channel(snapshot, peer, keyIndex, legs))
            : Pile.recovered(
                parts.settings(), Map.of(), PeerChannel.unusedKeyIndex(moments.now().entropy()));
    this.published = pile;
    mailbox.execute(() -> restart(snapshot));
  }

  /** Begins to listen to hardware, drivers and chain. */
  public void start() {
    mailbox.start();
    identities.begin();
    Wiring.listen(parts.hardware(), this::post);
    // Read when its turn comes, so that it never follows a later change with what was before.
    mailbox.execute(() -> Wiring.read(parts.hardware(), this::handle));
    listener =
        new PeerListener(
            parts.around().links(parts.bus(), mailbox, parts.keys()), parts.topics(), links);
    subscriptions.add(parts.ledger().onChange(() -> mailbox.execute(errands::look)));
    parts
        .bus()
        .onConnection(
            up -> {
              if (up) {
                mailbox.execute(documents::publishAll);
              }
            });
  }

  private void restart(Snapshot snapshot) {
    parts.hardware().contactor().release();
    errands.resume(snapshot);
    handle(new PileEvent.Restarted());
    errands.begin();
    market.ifPresent(trade -> trade.errands().begin());
  }

  /** The state after the last transition. */
  public Pile state() {
    return published;
  }

  /** Whether all that was enqueued is done, the chain asked included. */
  public boolean isIdle() {
    return mailbox.isIdle()
        && errands.isIdle()
        && identities.isIdle()
        && market.filter(trade -> !trade.errands().isIdle()).isEmpty();
  }

  /**
   * Runs {@code task}, which must not throw, on the mailbox's thread; never once the node stops.
   */
  public void inTurn(Runnable task) {
    mailbox.execute(task);
  }

  /** What stopped the node; empty while it works. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(mailbox.failure());
  }

  /**
   * Gives a command; the answer says done or why not. It is a {@link NodeFailedException} when the
   * pile stops, or has stopped, before it came to the command.
   */
  public CompletableFuture<PileAction.Answer> command(OperatorCommand command) {
    PendingAnswers.Pending pending = answers.next();
    mailbox.execute(
        () -> {
          if (command instanceof OperatorCommand.ClearFaults) {
            readBack(); // what is not dealt with stays
          }
          handle(new PileEvent.Commanded(pending.id(), command));
        });
    if (mailbox.isClosed()) {
      answers.refuseAll();
    }
    return pending.answer();
  }

  /** Something went wrong that should not: whatever the state is worth, the contactor opens. */
  private void giveUp() {
    try {
      parts.hardware().contactor().release();
    } finally {
      answers.refuseAll();
      documents.sayOffline();
    }
  }

  private Notary notary() {
    return pile.notary();
  }

  private void post(PileEvent event) {
    mailbox.execute(() -> handle(event));
  }

  private void handle(PileEvent event) {
    Moment now = moments.now();
    PileTransition transition = machine.on(pile, event, now);
    carryOut(transition, now);
    published = pile;
    market.ifPresent(PileMarket.Errands::changed);
    observer.accept(transition);
  }

  private void carryOut(PileTransition transition, Moment now) {
    List<PileAction> actions = transition.actions();
    for (PileAction action : actions) {
      if (action instanceof PileAction.SwitchContactor open && !open.closed()) {
        release.release();
      }
    }
    long sequence = 0;
    for (PileAction action : actions) {
      if (action instanceof PileAction.Store stored) {
        sequence = commit(stored, transition, now);
        market.ifPresent(trade -> trade.stored(stored));
      }
    }
    pile = transition.next();
    for (PileAction action : actions) {
      carryOut(action, sequence);
    }
  }

  private static Stream<LegAction.Errand> errands(PileTransition transition) {
    return transition.actions().stream()
        .filter(PileAction.Errand.class::isInstance)
        .map(action -> ((PileAction.Errand) action).errand());
  }

  private long commit(PileAction.Store stored, PileTransition transition, Moment now) {
    List<Transaction> transactions =
        errands(transition).flatMap(BitcoinErrands::published).toList();
    return store.commit(PileChange.of(stored, transition.next(), now.wall(), transactions));
  }

  private void carryOut(PileAction action, long commit) {
    switch (action) {
      case PileAction.SwitchContactor contactor -> {
        if (contactor.closed()) {
          Wiring.engage(parts.hardware(), this::post);
        }
        readBack(contactor.closed());
      }
      case PileAction.Store stored -> {} // done before all that is said
      case PileAction.Send send -> links.send(send.node(), send.messages());
      case PileAction.Errand errand -> errands.run(commit, errand.node(), errand.errand());
      case PileAction.ShowLight show -> parts.hardware().light().show(Wiring.light(show.light()));
      case PileAction.Publish publish -> documents.publish(publish.document());
      case PileAction.Ask ask -> identities.ask(ask.task());
      case PileAction.SetTimer set -> timers.set(set.timer(), set.after());
      case PileAction.CancelTimer cancelled -> timers.cancel(cancelled.timer());
      case PileAction.Answer answer -> answers.give(answer);
      case PileAction.Alert alert -> Logger.warn("{}", alert.text());
    }
  }

  private void fired(TimerId timer) {
    if (timer.kind() == TimerId.Kind.TICK) {
      release.insist();
      readBack();
    }
    handle(new PileEvent.TimerFired(timer));
  }

  /** Tells the machine what the auxiliary contact says once the contactor has moved. */
  private void readBack(boolean closing) {
    PlausibilityLimits limits = parts.settings().plausibility();
    // Later than that: at the limit itself the contactor may still be on its way.
    Duration moved = (closing ? limits.closingTime() : limits.openingTime()).plus(READ_BACK_DELAY);
    parts.around().time().schedule(moved, () -> mailbox.execute(this::readBack));
  }

  private void readBack() {
    Wiring.readBack(parts.hardware(), pile.contactor().closed(), this::handle);
  }

  /** Opens the contactor, hangs up and stops; what was stored is continued by the next start. */
  @Override
  public void close() {
    parts.hardware().contactor().release();
    for (AutoCloseable subscription : subscriptions) {
      try {
        subscription.close();
      } catch (Exception e) {
        Logger.warn(e, "while stopping: {}", e.getMessage());
      }
    }
    mailbox.close(
        () -> {
          if (listener != null) {
            listener.close();
          }
          timers.close();
          errands.close();
          market.ifPresent(trade -> trade.errands().close());
          documents.sayOffline();
          if (!pile.meter().registers().equals(pile.storedRegisters())) {
            long unused = store.commit(PileChange.ofStop(pile, parts.around().time().wall()));
          }
        });
    answers.refuseAll();
    parts.hardware().contactor().release();
  }
}
