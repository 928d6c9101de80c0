package chargepile.agent.session.driver;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegEvent;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.leg.LegTransition;
import chargepile.agent.session.leg.Legs;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.leg.SignedState;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.SettlementId;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.StopReason;
import fr.acinq.bitcoin.ByteVector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A transition in the making. Whatever order its parts are added in, the finished list stores,
 * speaks, publishes transactions, and tells.
 */
final class DriverStep {
  private final Legs legs;
  private final Moment now;
  private PeerChannel channel;
  boolean connected;
  private Optional<DriverSession> session;
  private Notary notary;
  Optional<SessionOffer> held;
  ChainSight chain;
  List<Agreement> agreements;
  private final Set<TimerId> timers;

  private final Deque<LegNotice> notices = new ArrayDeque<>();
  private String event = "";
  private boolean changed;
  private final List<PeerMessage> messages = new ArrayList<>();
  private final List<LegAction.Remember> remembered = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final Map<SettlementId, ByteVector> settlements = new LinkedHashMap<>();
  private final List<DriverAction> errands = new ArrayList<>();
  private final List<DriverAction> asked = new ArrayList<>();
  private final List<DriverAction> timing = new ArrayList<>();
  private final List<DriverAction> told = new ArrayList<>();

  DriverStep(Legs legs, Driver before, Moment now) {
    this.legs = legs;
    this.now = now;
    this.channel = before.channel();
    this.connected = before.connected();
    this.session = before.session();
    this.notary = before.notary();
    this.held = before.held();
    this.chain = before.chain();
    this.agreements = before.agreements();
    this.timers = new HashSet<>(before.timers());
  }

  Moment now() {
    return now;
  }

  PaymentLeg leg() {
    return channel.leg();
  }

  Optional<DriverSession> session() {
    return session;
  }

  void session(DriverSession next) {
    session = Optional.of(next);
  }

  /** Gives an event to the channel and makes its actions the driver's. */
  void give(LegEvent happened) {
    LegTransition transition = legs.on(channel.keyIndex(), channel.leg(), happened);
    channel = channel.with(transition.next());
    for (LegAction action : transition.actions()) {
      switch (action) {
        case LegAction.Store(String name) -> {
          store(name);
          changed = true;
        }
        case LegAction.Send(var said) -> said.forEach(m -> say(new PeerMessage.OfLeg(m)));
        case LegAction.Remember remember -> remembered.add(remember);
        case LegAction.Errand errand -> errand(errand);
        case LegAction.Notify(var notice) -> notices.add(notice);
        case LegAction.Alert(String text) -> alert(text);
      }
    }
  }

  /** Begins with keys that no channel had, after one that is settled or was given up. */
  void nextKeys() {
    channel = new PeerChannel(nextKeyIndex(), legs.fresh());
    changed = true;
  }

  /** Channels may have come after the backup of a recovered one; to use their keys is to lose. */
  private long nextKeyIndex() {
    boolean recovered = leg().outcome().filter(LegOutcome.RECOVERED::equals).isPresent();
    return recovered ? PeerChannel.unusedKeyIndex(now.entropy()) : channel.keyIndex() + 1;
  }

  Optional<LegNotice> nextNotice() {
    return Optional.ofNullable(notices.poll());
  }

  /** The new state is to be stored, under this name in the journal; the first name given stays. */
  void store(String name) {
    if (event.isEmpty()) {
      event = name;
    }
  }

  /**
   * Keeps a receipt of the present session as it stands; without the pile's account only where
   * something was paid.
   */
  void keepReceipt() {
    DriverSession ended = session.orElse(null);
    SignedState last = leg().signed().orElse(null);
    if (ended == null || last == null) {
      return;
    }
    SessionTotals paid = leg().paid(ended.id());
    if (ended.summary().isPresent() || !paid.equals(SessionTotals.start(ended.id()))) {
      receipts.add(
          Receipt.of(
              ended.offer(),
              ended.acceptedAt(),
              now.wall(),
              ended.stopping().orElse(StopReason.PEER_SILENT),
              paid,
              ended.summary(),
              last,
              ended.record()));
    }
  }

  Notary notary() {
    return notary;
  }

  void notary(Notary next) {
    notary = next;
  }

  /** Keeps a certificate that both sides have signed. */
  void keep(SettlementId id, ByteVector settlement) {
    settlements.put(id, settlement);
  }

  void ask(NotaryTask task) {
    asked.add(new DriverAction.Ask(task));
  }

  void say(SessionMessage message) {
    say(new PeerMessage.OfSession(message));
  }

  void say(PeerMessage message) {
    if (connected) {
      messages.add(message);
    }
  }

  private void errand(LegAction.Errand errand) {
    errands.add(new DriverAction.Errand(errand));
  }

  void tell(DriverNotice notice) {
    told.add(new DriverAction.Tell(notice));
  }

  void alert(String text) {
    told.add(new DriverAction.Alert(text));
  }

  void setTimer(TimerId.Kind kind, Duration after) {
    timers.add(TimerId.of(kind));
    timing.add(new DriverAction.SetTimer(TimerId.of(kind), after));
  }

  boolean isRunning(TimerId.Kind kind) {
    return timers.contains(TimerId.of(kind));
  }

  void cancel(TimerId.Kind kind) {
    if (timers.remove(TimerId.of(kind))) {
      timing.add(new DriverAction.CancelTimer(TimerId.of(kind)));
    }
  }

  /** Takes note that a timer fired; false when it was cancelled in the meantime. */
  boolean fired(TimerId timer) {
    return timers.remove(timer);
  }

  void forgetTimers() {
    timers.clear();
  }

  DriverTransition done() {
    List<DriverAction> actions = new ArrayList<>();
    if (event.isEmpty() && !(messages.isEmpty() && errands.isEmpty() && !changed)) {
      event = "said";
    }
    if (event.isEmpty() && !receipts.isEmpty()) {
      event = "receipt";
    }
    if (!event.isEmpty()) {
      actions.add(new DriverAction.Store(event, changed, remembered, receipts, settlements));
    }
    if (!messages.isEmpty()) {
      actions.add(new DriverAction.Send(messages));
    }
    actions.addAll(errands);
    actions.addAll(asked);
    actions.addAll(timing);
    actions.addAll(told);
    return new DriverTransition(
        new Driver(channel, connected, session, notary, held, chain, agreements, timers), actions);
  }
}
