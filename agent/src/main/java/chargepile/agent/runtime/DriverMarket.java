package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.market.desk.Delivered;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.desk.Testimony;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverSession;
import chargepile.agent.session.wire.SessionPaid;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.tinylog.Logger;

/** A driver's side of the market: what its desk is told of sessions, and they of it. */
final class DriverMarket implements MarketErrands.Node {
  private final Supplier<Driver> driver;
  private final Consumer<DriverEvent> machine;
  private final OrderTakings takings;
  private final MarketLedger ledger;
  private Optional<MarketView> last = Optional.empty();
  private Optional<Runnable> waiting = Optional.empty();

  private DriverMarket(
      Supplier<Driver> driver,
      Consumer<DriverEvent> machine,
      OrderTakings takings,
      MarketLedger ledger) {
    this.driver = driver;
    this.machine = machine;
    this.takings = takings;
    this.ledger = ledger;
  }

  /** Errands that are told of every transition that is stored. */
  record Errands(MarketErrands errands, DriverMarket node) {
    /** What the pile said; its receipts are kept. */
    void heard(List<PeerMessage> messages) {
      for (PeerMessage message : messages) {
        if (message instanceof PeerMessage.OfSession(SessionPaid paid)) {
          heard(paid);
        }
      }
    }

    private void heard(SessionPaid said) {
      Optional<OrderView> order =
          node.driver
              .get()
              .session()
              .filter(session -> session.id().equals(said.sessionId()))
              .flatMap(node::order);
      if (order.isEmpty()) {
        return; // of none that is known here: it is said again
      }
      if (!node.ledger.isReceipt(order.get(), said.paid(), said.signature())) {
        Logger.warn("market: the pile's receipt of the order {} is void", order.get().key());
      } else if (!errands
          .notes()
          .keep(order.get().key(), new Testimony.Receipt(said.paid(), said.signature()))) {
        stop("a receipt can't be stored");
      }
    }

    /**
     * After every transition: a pile that gives no receipts could ask for the money twice, so it
     * gets no more than a few increments.
     */
    void changed() {
      Driver now = node.driver.get();
      DriverSession session =
          now.session().filter(s -> s.isOpen() && s.stopping().isEmpty()).orElse(null);
      OrderView order = session == null ? null : node.order(session).orElse(null);
      MarketView view = node.last.orElse(null);
      if (session == null || order == null || view == null) {
        return;
      }
      Delivered all =
          node.takings.of(view, running(now)).getOrDefault(order.key(), Delivered.NOTHING);
      MilliWattHours ahead =
          session
              .offer()
              .increment()
              .plus(session.offer().increment())
              .plus(session.offer().credit());
      Amount unproven = session.offer().tariff().due(Direction.IMPORT, ahead, Duration.ZERO);
      Amount proven = all.paid().minusOrZero(unproven);
      if (proven.value() > 0 && !errands.notes().isAtLeast(order.key(), proven)) {
        stop("the pile gives no receipts");
      }
    }

    private void stop(String why) {
      Logger.warn("market: the session is stopped: {}", why);
      node.machine.accept(new DriverEvent.Commanded(new DriverCommand.Stop()));
    }

    void stored(DriverAction.Store stored) {
      stored.receipts().forEach(node.takings::ended);
    }
  }

  /** On the mailbox. */
  static Errands of(
      Market market,
      DriverNode.Parts parts,
      Executor mailbox,
      Supplier<Driver> driver,
      Consumer<DriverEvent> machine) {
    DriverMarket node =
        new DriverMarket(
            driver, machine, new OrderTakings(parts.store().receipts()), market.ledger());
    return new Errands(new MarketErrands(market, mailbox, parts.around().time(), node), node);
  }

  @Override
  public OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony) {
    Driver now = driver.get();
    Optional<OrderTakings.Running> running = running(now);
    return new OwnSide(true, running.isPresent(), unbroken, takings.of(view, running), testimony);
  }

  private static OrderTakings.Running running(Driver now, DriverSession session) {
    SessionTotals.Total paid = now.channel().leg().paid(session.id()).imported();
    return new OrderTakings.Running(
        session.id(), session.offer().tariff().id(), paid.energy(), paid.amount());
  }

  @Override
  public boolean goesOn(Tariff terms) {
    return driver
        .get()
        .session()
        .filter(DriverSession::isOpen)
        .filter(session -> session.offer().tariff().equals(terms))
        .isPresent();
  }

  @Override
  public void agreed(List<Agreement> agreements) {
    machine.accept(new DriverEvent.Agreed(agreements));
  }

  @Override
  public void looked(MarketReport report) {
    last = Optional.of(report.view());
    Optional<Runnable> now = waiting;
    waiting = Optional.empty();
    now.ifPresent(Runnable::run);
  }

  /**
   * Done once it is known what was ordered. On the mailbox.
   *
   * @param task at once when that is known already
   */
  void afterFirstLook(Runnable task) {
    if (last.isPresent()) {
      task.run();
    } else {
      waiting = Optional.of(task);
    }
  }

  /** The order on record that the session's terms are of. */
  private Optional<OrderView> order(DriverSession session) {
    return last.stream()
        .flatMap(view -> view.orders().stream())
        .filter(order -> order.stage().isOnRecord())
        .filter(order -> Sale.tag(order.key()) == session.offer().tariff().id())
        .findFirst();
  }

  private static Optional<OrderTakings.Running> running(Driver now) {
    return now.session().filter(DriverSession::isOpen).map(session -> running(now, session));
  }

  @Override
  public EvmAddress counterparty(Sale sale) {
    return ChainNames.account(sale.seller());
  }
}
