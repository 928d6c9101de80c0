package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.energy.Tariff;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.EvmAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * What a node does on the market by itself: looks at it with every block and every few seconds,
 * asks its desk, and has carried out what that wants. What can't be done is told once and tried
 * again; it never ends the node. Belongs to the node's mailbox; what waits for the chain waits on a
 * thread of its own.
 */
final class MarketErrands {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** Where the market can't be looked at, the own side is all the same. */
  private static final Duration OWN_LOOK_EVERY = Duration.ofSeconds(30);

  /** A program that did not look at its own side for so long was not there. */
  private static final Duration LONGEST_BLINK = Duration.ofMinutes(2);

  private final Market market;
  private final ChainThread chainThread;
  private final Executor mailbox;
  private final Time time;
  private final Node node;
  private final ToldOnce told = new ToldOnce();
  private final DeskNotes notes;
  private final AgreedTerms terms;
  private final FirstTerms first;
  private final OwnClock clock;

  /** When the own side was looked at. */
  private long lookedNanos;

  private Optional<MarketView> last = Optional.empty();
  private long viewedNanos;
  private Duration pause = SHORTEST_PAUSE;
  private boolean looking;
  private boolean again;
  private boolean closed;

  /** Why the last actions that were wanted were not paid for; empty: they were. */
  private Optional<String> lack = Optional.empty();

  private @Nullable List<Agreement> agreements;
  private @Nullable AutoCloseable subscription;
  private Time.@Nullable Timer next;
  private Time.@Nullable Timer nextOwn;

  /** The node whose market this is; asked and told on its mailbox. */
  interface Node {
    /**
     * What the node knows of its own side.
     *
     * @param unbroken whether it has been running since the last look
     */
    OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony);

    /** Whether a session at these terms is under way. */
    default boolean goesOn(Tariff terms) {
      return false;
    }

    /** What sessions are to keep to has changed. */
    void agreed(List<Agreement> agreements);

    /** What a look came to. */
    void looked(MarketReport report);

    /** Whose account the other side of an order is, for this node. */
    EvmAddress counterparty(Sale sale);
  }

  MarketErrands(Market market, Executor mailbox, Time time, Node node) {
    this.market = market;
    this.chainThread = new ChainThread(market.thread(), mailbox);
    this.mailbox = mailbox;
    this.time = time;
    this.node = node;
    this.notes = new DeskNotes(market.memory(), told::tell);
    this.terms = new AgreedTerms(node::counterparty, node::goesOn, told::tell);
    this.first = new FirstTerms(node::goesOn, told::tell);
    this.clock = new OwnClock(market.clock().orElse(time::wall), told);
  }

  /** Begins to look at the market. */
  void begin() {
    notes.load();
    first.begin(notes.outages().last().filter(at -> !at.isAfter(clock.now())));
    subscription = market.ledger().onChange(() -> mailbox.execute(this::look));
    look();
    scheduleOwn();
  }

  void look() {
    if (closed) {
      return;
    }
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    chainThread.execute(this::read);
  }

  /** On the chain's thread. */
  private void read() {
    try {
      MarketView view = market.ledger().view();
      mailbox.execute(() -> saw(view));
    } catch (ChainException e) {
      mailbox.execute(() -> failed("the market can't be looked at: " + reason(e)));
    } catch (RuntimeException e) {
      mailbox.execute(() -> failed("a defect keeps the market from being looked at", e));
    }
  }

  private void saw(MarketView view) {
    if (closed) {
      return;
    }
    if (!clock.believes(view.now())) {
      later();
      return;
    }
    OwnSide own;
    Decision decision;
    try {
      own = own(view);
      decision = market.desk().next(view, own, notes.outages());
    } catch (RuntimeException e) { // whatever stands on the chain, energy is sold on
      failed("a defect keeps the market's desk from deciding", e);
      return;
    }
    last = Optional.of(view);
    viewedNanos = time.nanos();
    notes.forget(view);
    decision.notices().forEach(told::tell);
    boolean kept = notes.remember(decision, time.nanos());
    agree(terms.look(view, decision.sales(), clock.now(), time.nanos()), own, view);
    MarketReport report = new MarketReport(view, own, withLack(decision));
    node.looked(report);
    market.observer().accept(report);
    List<DeskAction> actions = kept ? decision.actions() : List.of();
    if (!actions.isEmpty()) {
      lack = Optional.empty();
    }
    chainThread.execute(
        () -> {
          boolean troubled = false;
          for (DeskAction action : actions) {
            troubled |= !carryOut(action);
          }
          boolean inVain = troubled;
          mailbox.execute(() -> looked(!actions.isEmpty() && lack.isEmpty(), inVain));
        });
  }

  private Decision withLack(Decision decision) {
    List<String> notices =
        Stream.concat(decision.notices().stream(), lack.stream()).distinct().toList();
    return new Decision(decision.actions(), decision.sales(), decision.remember(), notices);
  }

  /** One for all actions: which of them waits for coins says nothing more. */
  private void lacking(String why) {
    lack = Optional.of(why);
    told.tell(why);
  }

  DeskNotes notes() {
    return notes;
  }

  private void agree(List<Agreement> now, OwnSide own, MarketView view) {
    if (agreements == null && !first.mayTell(now, own.occupied(), view.now(), time.nanos())) {
      return;
    }
    if (!now.equals(agreements)) {
      agreements = now;
      node.agreed(now);
    }
  }

  private OwnSide own(MarketView view) {
    long now = time.nanos();
    boolean unbroken = last.isPresent() && now - lookedNanos <= LONGEST_BLINK.toNanos();
    lookedNanos = now;
    return node.own(view, unbroken, notes.testimony()).by(clock.now());
  }

  /**
   * Looks at the own side alone where the market can't be looked at for a while: what a program
   * that runs can deliver then is no outage, and orders come into force all the same.
   */
  private void lookAtOwn() {
    if (closed) {
      return;
    }
    last.filter(_ -> time.nanos() - lookedNanos >= OWN_LOOK_EVERY.toNanos())
        .ifPresent(this::lookAtOwn);
    scheduleOwn();
  }

  private void lookAtOwn(MarketView view) {
    MarketView now = view.at(view.now().plusNanos(time.nanos() - viewedNanos));
    try {
      OwnSide own = own(now);
      Decision decision = market.desk().next(now, own, notes.outages());
      boolean unused = notes.remember(decision, time.nanos());
      agree(terms.lookAtOwn(decision.sales(), clock.now()), own, view);
    } catch (RuntimeException e) {
      told.defect("a defect keeps the market's desk from deciding", e);
    }
  }

  private void scheduleOwn() {
    nextOwn = time.schedule(OWN_LOOK_EVERY, () -> mailbox.execute(this::lookAtOwn));
  }

  /**
   * On the chain's thread.
   *
   * @return whether it went well
   */
  private boolean carryOut(DeskAction action) {
    try {
      market.ledger().carryOut(action);
      mailbox.execute(() -> told.begun(action));
      return true;
    } catch (ShortOfGasException e) {
      mailbox.execute(() -> lacking(reason(e)));
      return true; // there is no hurry, and no more to be said
    } catch (RejectedException e) {
      mailbox.execute(() -> told.troubled(action, "refused: " + reason(e)));
    } catch (ChainException e) {
      mailbox.execute(() -> told.troubled(action, "put off: " + reason(e)));
    } catch (RuntimeException e) {
      mailbox.execute(() -> told.troubled(action, "not done for a defect: " + e));
    }
    return false;
  }

  private void failed(String what, RuntimeException defect) {
    told.defect(what, defect);
    later();
  }

  private void failed(String reason) {
    told.tell(reason);
    later();
  }

  private void later() {
    looking = false;
    schedule(pause);
    slower();
  }

  private void slower() {
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
  }

  /**
   * @param inVain whether something of it was not done: it is tried again ever more seldom
   */
  private void looked(boolean acted, boolean inVain) {
    looking = false;
    if (inVain) {
      again = false;
      schedule(pause.compareTo(LOOK_EVERY) < 0 ? pause : LOOK_EVERY);
      slower();
      return;
    }
    pause = SHORTEST_PAUSE;
    if (again && !acted) {
      again = false;
      look();
    } else {
      again = false;
      schedule(acted ? SHORTEST_PAUSE : LOOK_EVERY);
    }
  }

  private void schedule(Duration after) {
    if (next != null) {
      next.cancel();
    }
    if (!closed) {
      next = time.schedule(after, () -> mailbox.execute(this::look));
    }
  }

  private static String reason(ChainException e) {
    return Objects.toString(e.getMessage(), e.getClass().getSimpleName());
  }

  boolean isIdle() {
    return chainThread.isIdle();
  }

  /** Asks nothing more by itself. */
  void close() {
    closed = true;
    if (next != null) {
      next.cancel();
    }
    if (nextOwn != null) {
      nextOwn.cancel();
    }
    if (subscription != null) {
      try {
        subscription.close();
      } catch (Exception e) {
        Logger.warn(e, "while the market is left: {}", e.getMessage());
      }
    }
  }
}
