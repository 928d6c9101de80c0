package chargepile.agent.runtime;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What a desk remembers, which is on disk before anything follows from it. Belongs to the mailbox.
 */
final class DeskNotes {
  /** What is remembered only changes by the time goes to the disk this seldom. */
  private static final Duration SAVE_EVERY = Duration.ofMinutes(1);

  /** What was paid for an order is remembered for so long behind its delivery. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final MarketMemory memory;
  private final Consumer<String> trouble;
  private final Map<OrderKey, Testimony.Receipt> receipts = new HashMap<>();
  private Outages outages = Outages.NONE;
  private Outages saved = Outages.NONE;
  private long savedNanos;

  /**
   * @param trouble is told what can't be read or stored
   */
  DeskNotes(MarketMemory memory, Consumer<String> trouble) {
    this.memory = memory;
    this.trouble = trouble;
  }

  /** Takes up what was saved last. */
  void load() {
    try {
      memory
          .load()
          .map(DeskMemory::decode)
          .ifPresent(
              kept -> {
                outages = kept.outages();
                receipts.putAll(kept.receipts());
              });
      saved = outages;
    } catch (MalformedStateException | StoreException e) {
      trouble.accept(
          "what the market's desk remembered can't be read, it begins anew: " + e.getMessage());
    }
  }

  Outages outages() {
    return outages;
  }

  /**
   * Takes over what a desk is to remember.
   *
   * @return whether what must be on disk before anything is carried out is there
   */
  boolean remember(Decision decision, long nanos) {
    outages = decision.remember();
    boolean due =
        (!decision.sales().isEmpty() && nanos - savedNanos >= SAVE_EVERY.toNanos())
            || !outages.missed().equals(saved.missed())
            || !outages.metered().equals(saved.metered());
    if (!due || outages.equals(saved)) {
      return true;
    }
    try {
      save();
      saved = outages;
      savedNanos = nanos;
      return true;
    } catch (StoreException e) {
      trouble.accept(
          "nothing is done on the market until its desk can be stored: " + e.getMessage());
      return false;
    }
  }

  private void save() {
    memory.save(DeskMemory.encode(new DeskMemory(outages, receipts)));
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
      save();
      return true;
    } catch (StoreException e) {
      before.ifPresentOrElse(kept -> receipts.put(order, kept), () -> receipts.remove(order));
      trouble.accept(
          "a receipt of the order %s can't be stored: %s".formatted(order, e.getMessage()));
      return false;
    }
  }

  /** Whether there is a receipt of that much. */
  boolean isAtLeast(OrderKey order, Amount paid) {
    return Optional.ofNullable(receipts.get(order))
        .filter(kept -> kept.paid().compareTo(paid) >= 0)
        .isPresent();
  }

  /** Drops receipts of orders that are over, and were for so long that nothing undoes it. */
  void forget(MarketView view) {
    for (OrderView order : view.orders()) {
      if (order.stage().isOver() && view.past().isAfter(order.terms().window().end().plus(KEPT))) {
        receipts.remove(order.key());
      }
    }
  }

  Map<OrderKey, Testimony> testimony() {
    Map<OrderKey, Testimony> said = new HashMap<>();
    receipts.forEach(
        (key, receipt) -> said.put(key, new Testimony(Optional.of(receipt), Optional.empty())));
    return said;
  }
}
