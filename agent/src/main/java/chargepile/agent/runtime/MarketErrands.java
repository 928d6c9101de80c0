package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.energy.Tariff;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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

  /** A program that did not look for so long was not there. */
  private static final Duration LONGEST_BLINK = Duration.ofMinutes(2);

  /** Before its time an order keeps other terms from its buyer for so long. */
  private static final Duration SOON = Duration.ofMinutes(15);

  /** What is remembered only changes by the time goes to the disk this seldom. */
  private static final Duration SAVE_EVERY = Duration.ofMinutes(1);

  /** Told once each; so many are remembered. */
  private static final int REMEMBERED = 256;

  private final Market market;
  private final ChainThread chainThread;
  private final Executor mailbox;
  private final Time time;
  private final Node node;
  private final Set<String> told = new LinkedHashSet<>();
  private final Set<String> troubles = new HashSet<>();
  private final Map<OrderKey, Testimony.Receipt> receipts = new HashMap<>();
  private Outages remembered = Outages.NONE;
  private Outages saved = Outages.NONE;
  private long savedNanos;
  private long lookedNanos;
  private boolean everLooked;
  private Duration pause = SHORTEST_PAUSE;
  private boolean looking;
  private boolean again;
  private boolean closed;

  /** Why the last actions that were wanted were not paid for; empty: they were. */
  private Optional<String> lack = Optional.empty();

  private @Nullable List<Agreement> agreements;
  private @Nullable AutoCloseable subscription;
  private Time.@Nullable Timer next;

  /** The node whose market this is; asked and told on its mailbox. */
  interface Node {
    /**
     * What the node knows of its own side.
     *
     * @param unbroken whether it has been running since the last look
     */
    OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony);

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
  }

  /** Begins to look at the market. */
  void begin() {
    try {
      market
          .memory()
          .load()
          .map(DeskMemory::decode)
          .ifPresent(
              kept -> {
                remembered = kept.outages();
                receipts.putAll(kept.receipts());
              });
      saved = remembered;
    } catch (MalformedStateException | StoreException e) {
      tell("what the market's desk remembered can't be read, it begins anew: " + e.getMessage());
    }
    subscription = market.ledger().onChange(() -> mailbox.execute(this::look));
    look();
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
    long now = time.nanos();
    boolean unbroken =
        everLooked && now - lookedNanos <= LONGEST_BLINK.toNanos(); // else it was not there
    everLooked = true;
    lookedNanos = now;
    receipts.keySet().removeIf(key -> isOver(view, key));
    OwnSide own = node.own(view, unbroken, testimony());
    Decision decision;
    try {
      decision = market.desk().next(view, own, remembered);
    } catch (RuntimeException e) { // whatever stands on the chain, energy is sold on
      failed("a defect keeps the market's desk from deciding", e);
      return;
    }
    decision.notices().forEach(this::tell);
    boolean kept = remember(decision, now);
    agree(view, decision);
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
    tell(why);
  }

  /** An order that is not shown yet goes on. */
  private static boolean isOver(MarketView view, OrderKey key) {
    return view.orders().stream()
        .anyMatch(order -> order.key().equals(key) && order.stage().isOver());
  }

  private Map<OrderKey, Testimony> testimony() {
    Map<OrderKey, Testimony> said = new HashMap<>();
    receipts.forEach(
        (key, receipt) -> said.put(key, new Testimony(Optional.of(receipt), Optional.empty())));
    return said;
  }

  /**
   * Keeps the seller's receipt of an order, which was found good, unless there is one of more.
   *
   * @return whether what it is of is on disk
   */
  boolean keep(OrderKey order, Testimony.Receipt receipt) {
    if (isAtLeast(order, receipt.paid())) {
      return true;
    }
    Optional<Testimony.Receipt> before = Optional.ofNullable(receipts.put(order, receipt));
    try {
      market.memory().save(DeskMemory.encode(new DeskMemory(remembered, receipts)));
      return true;
    } catch (StoreException e) {
      before.ifPresentOrElse(kept -> receipts.put(order, kept), () -> receipts.remove(order));
      tell("a receipt of the order %s can't be stored: %s".formatted(order, e.getMessage()));
      return false;
    }
  }

  /** Whether there is a receipt of that much. */
  boolean isAtLeast(OrderKey order, Amount paid) {
    return Optional.ofNullable(receipts.get(order))
        .filter(kept -> kept.paid().compareTo(paid) >= 0)
        .isPresent();
  }

  /** Whether what must be on disk before anything is carried out is there. */
  private boolean remember(Decision decision, long now) {
    remembered = decision.remember();
    boolean due =
        (!decision.sales().isEmpty() && now - savedNanos >= SAVE_EVERY.toNanos())
            || !remembered.missed().equals(saved.missed());
    if (!due || remembered.equals(saved)) {
      return true;
    }
    try {
      market.memory().save(DeskMemory.encode(new DeskMemory(remembered, receipts)));
      saved = remembered;
      savedNanos = now;
      return true;
    } catch (StoreException e) {
      tell("nothing is done on the market until its desk can be stored: " + e.getMessage());
      return false;
    }
  }

  private void agree(MarketView view, Decision decision) {
    List<Agreement> now =
        decision.sales().stream()
            .filter(sale -> view.now().plus(SOON).isAfter(sale.window().start()))
            .map(
                sale ->
                    new Agreement(
                        tariff(sale),
                        node.counterparty(sale),
                        sale.left(),
                        !view.now().isBefore(sale.window().start())))
            .toList();
    if (!now.equals(agreements)) {
      agreements = now;
      node.agreed(now);
    }
  }

  /**
   * An order's terms in a session. Half a unit of its price can't be said there: that part is paid
   * out of the escrow when the order is settled.
   */
  private static Tariff tariff(Sale sale) {
    return new Tariff(
        Sale.tag(sale.order()), new Amount(sale.price().doubled() / 2), Amount.ZERO, Amount.ZERO);
  }

  /**
   * On the chain's thread.
   *
   * @return whether it went well
   */
  private boolean carryOut(DeskAction action) {
    try {
      market.ledger().carryOut(action);
      mailbox.execute(() -> begun(action));
      return true;
    } catch (ShortOfGasException e) {
      mailbox.execute(() -> lacking(reason(e)));
      return true; // there is no hurry, and no more to be said
    } catch (RejectedException e) {
      mailbox.execute(() -> troubled(action, "refused: " + reason(e)));
    } catch (ChainException e) {
      mailbox.execute(() -> troubled(action, "put off: " + reason(e)));
    } catch (RuntimeException e) {
      mailbox.execute(() -> troubled(action, "not done for a defect: " + e));
    }
    return false;
  }

  private void begun(DeskAction action) {
    troubles.removeIf(trouble -> trouble.startsWith(action.key() + ' '));
    Logger.info("market: {}", describe(action));
  }

  private static String describe(DeskAction action) {
    return action instanceof DeskAction.Refuse(var order, String why)
        ? "the order %s is refused: %s".formatted(order.key(), why)
        : action.key();
  }

  /** Another did it first, or something is lacking: it is wanted again until a view shows it. */
  private void troubled(DeskAction action, String what) {
    if (troubles.size() >= REMEMBERED) {
      troubles.clear();
    }
    if (troubles.add(action.key() + ' ' + what)) {
      Logger.warn("market: {} is {}", action.key(), what);
    }
  }

  private void tell(String notice) {
    if (told.size() >= REMEMBERED) {
      told.clear();
    }
    if (told.add(notice)) {
      Logger.warn("market: {}", notice);
    }
  }

  private void failed(String what, RuntimeException defect) {
    if (!told.contains(what + ": " + defect)) {
      Logger.error(defect, "market: {}", what);
    }
    failed(what + ": " + defect);
  }

  private void failed(String reason) {
    tell(reason);
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

  /** Whether nothing is being asked. */
  boolean isIdle() {
    return chainThread.isIdle();
  }

  /** Asks nothing more by itself. */
  void close() {
    closed = true;
    if (next != null) {
      next.cancel();
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
