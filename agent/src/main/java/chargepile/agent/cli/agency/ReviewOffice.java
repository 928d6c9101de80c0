package chargepile.agent.cli.agency;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.RejectedException;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.Desk;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.runtime.MarketLedger;
import chargepile.agent.store.StoreException;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * An agency's market: sees the orders of every registered pile, also of those that are registered
 * while it runs, and lets none that the contract will not have reviewed keep the others waiting.
 * Looks and actions come on one thread, decisions on another.
 */
final class ReviewOffice implements MarketLedger, Desk {
  /** What the contract refused to review is tried again after so long. */
  static final Duration PUT_OFF = Duration.ofMinutes(5);

  private final Supplier<EvmBlock> head;
  private final RegisteredMeters meters;
  private final Function<Map<PileId, PublicKey>, MarketLedger> ledgers;
  private final Function<Runnable, AutoCloseable> blocks;
  private final AgencyDesk desk;
  private final Verdicts verdicts;
  private final WaitingOrders waiting;
  private final LongSupplier nanos;
  private final Consumer<Seen> observer;

  /** When each was refused, by the clock of durations. */
  private final Map<OrderKey, Long> refused = new ConcurrentHashMap<>();

  private Map<PileId, PublicKey> known = Map.of();

  /** Why what became of the reviews could not be told. */
  private String untold = "";

  private volatile @Nullable MarketLedger ledger;

  /** What a look came to. */
  record Seen(EvmBlock head, WaitingOrders.News news) {}

  /**
   * @param head the latest block
   * @param ledgers the market as who knows these meters sees it
   * @param nanos the clock of durations
   * @param blocks tells of new blocks and looks after what was sent
   * @param observer is told of every look, on the thread that looks
   */
  ReviewOffice(
      Supplier<EvmBlock> head,
      RegisteredMeters meters,
      Function<Map<PileId, PublicKey>, MarketLedger> ledgers,
      Function<Runnable, AutoCloseable> blocks,
      AgencyDesk desk,
      Verdicts verdicts,
      WaitingOrders waiting,
      LongSupplier nanos,
      Consumer<Seen> observer) {
    this.head = head;
    this.meters = meters;
    this.ledgers = ledgers;
    this.blocks = blocks;
    this.desk = desk;
    this.verdicts = verdicts;
    this.waiting = waiting;
    this.nanos = nanos;
    this.observer = observer;
  }

  @Override
  public MarketView view() {
    return asked(
        () -> {
          EvmBlock now = head.get();
          MarketView view = with(meters.at(now.number())).view();
          tell(now, view);
          return view;
        });
  }

  private MarketLedger with(Map<PileId, PublicKey> registered) {
    MarketLedger current = ledger;
    if (current == null || !registered.equals(known)) {
      if (current != null) {
        Logger.info("the registered piles have changed: all orders are read anew");
      }
      current = ledgers.apply(registered);
      ledger = current;
      known = registered;
    }
    return current;
  }

  /** Reviews go on whatever can't be told. */
  private void tell(EvmBlock now, MarketView view) {
    try {
      verdicts.tellTo(now.number());
      observer.accept(new Seen(now, waiting.look(view, verdicts::isDecided)));
      untold = "";
    } catch (EvmException | StoreException e) {
      String why = String.valueOf(e.getMessage());
      if (!why.equals(untold)) {
        untold = why;
        Logger.warn("what became of the reviews is told later: {}", why);
      }
    }
  }

  @Override
  public void carryOut(DeskAction action) {
    try {
      opened().carryOut(action);
    } catch (RejectedException e) {
      if (action instanceof DeskAction.OfOrder of) {
        refused.put(of.order().key(), nanos.getAsLong());
      }
      throw e;
    }
  }

  @Override
  public Decision next(MarketView view, OwnSide own, Outages remembered) {
    long now = nanos.getAsLong();
    Set<OrderKey> shown =
        view.orders().stream().map(OrderView::key).collect(Collectors.toUnmodifiableSet());
    refused
        .entrySet()
        .removeIf(
            entry ->
                now - entry.getValue() >= PUT_OFF.toNanos() || !shown.contains(entry.getKey()));
    return desk.next(view, remembered, Set.copyOf(refused.keySet()));
  }

  @Override
  public ByteVector receipt(OrderKey order, Amount paid) {
    return opened().receipt(order, paid);
  }

  @Override
  public boolean isReceipt(OrderView order, Amount paid, ByteVector signature) {
    return opened().isReceipt(order, paid, signature);
  }

  @Override
  public AutoCloseable onChange(Runnable listener) {
    return blocks.apply(listener);
  }

  private MarketLedger opened() {
    return Optional.ofNullable(ledger)
        .orElseThrow(() -> new ChainException("the market was not looked at yet"));
  }

  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (EvmException e) {
      throw new ChainException(Objects.toString(e.getMessage(), "no answer"), e);
    }
  }

  /** The latest block that a node shows. */
  static EvmBlock headOf(EvmNode node) {
    return node.block(BlockRef.LATEST)
        .orElseThrow(() -> new EvmException(node + " has no block yet"));
  }
}
