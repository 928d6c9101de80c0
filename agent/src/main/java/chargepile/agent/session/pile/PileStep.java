package chargepile.agent.session.pile;

import chargepile.agent.energy.PileFault;
import chargepile.agent.energy.Registers;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.ChainSight;
import chargepile.agent.session.Moment;
import chargepile.agent.session.PeerChannel;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.Receipt;
import chargepile.agent.session.TimerId;
import chargepile.agent.session.leg.LegAction;
import chargepile.agent.session.leg.LegMessage;
import chargepile.agent.session.leg.LegNotice;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.SettlementId;
import chargepile.agent.session.wire.SessionMessage;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A transition in the making. Whatever order its parts are added in, the finished list opens the
 * contactor, stores, speaks and publishes transactions, closes the contactor, and tells.
 */
final class PileStep {
  /** Something that a channel said to the session above it. */
  record Said(PublicKey node, LegNotice notice) {}

  private final Pile before;
  private final PileSettings settings;
  private final Moment now;

  final Map<PublicKey, PeerChannel> channels;
  long nextKeyIndex;
  final List<PublicKey> connected;
  Meter meter;
  boolean plugged;
  final Set<PublicKey> declined;
  final Map<PublicKey, LegMessage> asking;
  ChainSight chain;
  List<Agreement> agreements;
  final Map<PileFault, StandingFault> faults;
  Heat heat;

  /** The drivers in a row whose sessions metered nothing. */
  final Set<PublicKey> unmetered;

  /** The number of the last meter record that was signed. */
  long page;

  private Notary notary;

  private Contactor contactor;
  private Optional<PileSession> session;
  private final Set<TimerId> timers;

  private final Deque<Said> notices = new ArrayDeque<>();
  private boolean binds;
  private boolean openAnyway;
  private boolean allDocuments;
  private boolean meterDocument;
  private String event = "";
  private final Set<PublicKey> changed = new LinkedHashSet<>();
  private final Map<PublicKey, PeerChannel> replaced = new LinkedHashMap<>();
  private final Map<PublicKey, List<PeerMessage>> messages = new LinkedHashMap<>();
  private final Map<PublicKey, List<LegAction.Remember>> remembered = new LinkedHashMap<>();
  private final Map<PublicKey, Receipt> receipts = new LinkedHashMap<>();
  private final Map<SettlementId, ByteVector> settlements = new LinkedHashMap<>();
  private final List<PileAction> errands = new ArrayList<>();
  private final List<PileAction> asked = new ArrayList<>();
  private final List<PileAction> timing = new ArrayList<>();
  private final List<PileAction> told = new ArrayList<>();

  PileStep(PileSettings settings, Pile before, Moment now) {
    this.before = before;
    this.settings = settings;
    this.now = now;
    this.channels = new LinkedHashMap<>(before.channels());
    this.nextKeyIndex = before.nextKeyIndex();
    this.connected = new ArrayList<>(before.connected());
    this.meter = before.meter();
    this.plugged = before.plugged();
    this.declined = new LinkedHashSet<>(before.declined());
    this.asking = new LinkedHashMap<>(before.asking());
    this.chain = before.chain();
    this.agreements = before.agreements();
    this.faults = new LinkedHashMap<>();
    before.standing().forEach(standing -> faults.put(standing.fault(), standing));
    this.heat = before.heat();
    this.unmetered = new LinkedHashSet<>(before.unmetered());
    this.page = before.page();
    this.notary = before.notary();
    this.contactor = before.contactor();
    this.session = before.session();
    this.timers = new HashSet<>(before.timers());
  }

  Moment now() {
    return now;
  }

  long nanos() {
    return now.monotonicNanos();
  }

  PileSettings settings() {
    return settings;
  }

  Optional<PileSession> session() {
    return session;
  }

  void session(PileSession next) {
    session = Optional.of(next);
  }

  void forgetSession() {
    session = Optional.empty();
  }

  PaymentLeg leg(PublicKey node) {
    PeerChannel known = channels.get(node);
    return known == null ? PaymentLeg.none() : known.leg();
  }

  Contactor contactor() {
    return contactor;
  }

  /** Whether the registers changed since they were last stored. */
  boolean hasUnstoredEnergy() {
    return !meter.registers().equals(before.storedRegisters());
  }

  Registers storedRegisters() {
    return before.storedRegisters();
  }

  long storedAtNanos() {
    return before.storedAtNanos();
  }

  void openContactor() {
    if (contactor.closed()) {
      contactor =
          new Contactor(false, nanos() + settings.switching().minimumOpen().toNanos(), false);
      meter = meter.with(meter.plausibility().opened(nanos()));
      session = session.map(s -> s.with(s.clock().stopped(nanos())));
    }
  }

  /** The contactor's readback was looked at. */
  void readBack(boolean conducts) {
    contactor =
        new Contactor(
            contactor.closed(), contactor.notBeforeNanos(), conducts && !contactor.closed());
  }

  /** The contactor is open after a start; the command is repeated to make sure of it. */
  void openAfterStart(boolean wasInUse) {
    Duration wait = wasInUse ? settings.switching().minimumOpen() : Duration.ZERO;
    contactor = new Contactor(false, nanos() + wait.toNanos(), false);
    openAnyway = true;
  }

  void closeContactor() {
    if (!contactor.closed()) {
      contactor = new Contactor(true, contactor.notBeforeNanos(), false);
      Set<Direction> agreed = session.map(PileSession::directions).orElse(settings.directions());
      meter = meter.with(meter.plausibility().closed(agreed, nanos()));
      session = session.map(s -> s.with(s.clock().started(nanos())));
      store("contactor closed");
    }
  }

  /** The new state is to be stored, under this name in the journal; the first name given stays. */
  void store(String name) {
    if (event.isEmpty()) {
      event = name;
    }
  }

  /** A channel that ended just now lets another take its place. */
  void replaced(PublicKey node, PeerChannel ended) {
    changed.remove(node);
    replaced.put(node, ended);
  }

  void changed(PublicKey node) {
    changed.add(node);
  }

  void say(PublicKey node, SessionMessage message) {
    say(node, new PeerMessage.OfSession(message));
  }

  /** Says something if there is a link to say it on, once the state is stored. */
  void say(PublicKey node, PeerMessage message) {
    binds |= connected.contains(node);
    answer(node, message);
  }

  /** Says what binds nobody: strangers can have it said as often as they like. */
  void answer(PublicKey node, PeerMessage message) {
    if (connected.contains(node)) {
      messages.computeIfAbsent(node, _ -> new ArrayList<>()).add(message);
    }
  }

  /** Has something done, once the state is stored. */
  void errand(PublicKey node, LegAction.Errand errand) {
    binds = true;
    look(node, errand);
  }

  /** Has the chain looked at, which binds nobody. */
  void look(PublicKey node, LegAction.Errand errand) {
    errands.add(new PileAction.Errand(node, errand));
  }

  void remember(PublicKey node, LegAction.Remember revoked) {
    remembered.computeIfAbsent(node, _ -> new ArrayList<>()).add(revoked);
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
    asked.add(new PileAction.Ask(task));
  }

  /** Keeps what is left of a session with a driver. */
  void keep(PublicKey node, Receipt receipt) {
    receipts.put(node, receipt);
  }

  void tell(PileAction action) {
    told.add(action);
  }

  void alert(String text) {
    told.add(new PileAction.Alert(text));
  }

  /** Everything is to be published anew. */
  void publishAll() {
    allDocuments = true;
  }

  /** The meter is to be published, and the session that goes by it. */
  void publishMeter() {
    meterDocument = true;
  }

  boolean isRunning(TimerId.Kind kind) {
    return timers.contains(TimerId.of(kind));
  }

  void setTimer(TimerId.Kind kind, Duration after) {
    setTimer(TimerId.of(kind), after);
  }

  void setTimer(TimerId timer, Duration after) {
    timers.add(timer);
    timing.removeIf(action -> concerns(action, timer));
    timing.add(new PileAction.SetTimer(timer, after));
  }

  void cancel(TimerId.Kind kind) {
    cancel(TimerId.of(kind));
  }

  void cancel(TimerId timer) {
    if (timers.remove(timer)) {
      timing.removeIf(action -> concerns(action, timer));
      if (before.timers().contains(timer)) {
        timing.add(new PileAction.CancelTimer(timer));
      }
    }
  }

  /** Takes note that a timer fired; false when it was cancelled in the meantime. */
  boolean fired(TimerId timer) {
    return timers.remove(timer);
  }

  void forgetTimers() {
    timers.clear();
  }

  void notice(PublicKey node, LegNotice notice) {
    notices.add(new Said(node, notice));
  }

  boolean hasNotices() {
    return !notices.isEmpty();
  }

  Optional<Said> nextNotice() {
    return Optional.ofNullable(notices.poll());
  }

  PileTransition done() {
    List<PileAction> actions = new ArrayList<>();
    boolean opens = before.contactor().closed() && !contactor.closed();
    boolean closes = !before.contactor().closed() && contactor.closed();
    if (opens || openAnyway) {
      actions.add(new PileAction.SwitchContactor(false));
    }
    if (event.isEmpty() && (binds || !changed.isEmpty())) {
      event = "said";
    }
    if (!event.isEmpty()) {
      // What is stored must hold the time of every claim made so far.
      session = session.map(s -> s.with(s.clock().flowed(s.clock().direction(), nanos())));
      actions.add(
          new PileAction.Store(event, changed, remembered, receipts, replaced, settlements));
    }
    messages.forEach((node, said) -> actions.add(new PileAction.Send(node, said)));
    actions.addAll(errands);
    actions.addAll(asked);
    if (closes) {
      actions.add(new PileAction.SwitchContactor(true));
    }
    actions.addAll(timing);
    boolean stored = !event.isEmpty();
    Pile next =
        new Pile(
            channels,
            nextKeyIndex,
            connected,
            meter,
            contactor,
            plugged,
            session,
            declined,
            asking,
            chain,
            agreements,
            List.copyOf(faults.values()),
            heat,
            unmetered,
            page,
            notary,
            timers,
            stored ? meter.registers() : before.storedRegisters(),
            stored ? nanos() : before.storedAtNanos());
    actions.addAll(
        allDocuments
            ? Documents.all(settings, next, nanos())
            : Documents.changes(before, next, meterDocument, nanos()));
    actions.addAll(told);
    return new PileTransition(next, actions);
  }

  private static boolean concerns(PileAction action, TimerId timer) {
    return switch (action) {
      case PileAction.SetTimer(var set, _) -> set.equals(timer);
      case PileAction.CancelTimer(var cancelled) -> cancelled.equals(timer);
      default -> false;
    };
  }
}
