package chargepile.agent.runtime;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.driver.Driver;
import chargepile.agent.session.driver.DriverAction;
import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverSession;
import chargepile.agent.units.EvmAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A driver's side of the market: what its desk is told of sessions, and they of it. */
final class DriverMarket implements MarketErrands.Node {
  private final Supplier<Driver> driver;
  private final Consumer<DriverEvent> machine;
  private final OrderTakings takings;

  private DriverMarket(
      Supplier<Driver> driver, Consumer<DriverEvent> machine, OrderTakings takings) {
    this.driver = driver;
    this.machine = machine;
    this.takings = takings;
  }

  /** Errands that are told of every transition that is stored. */
  record Errands(MarketErrands errands, DriverMarket node) {
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
        new DriverMarket(driver, machine, new OrderTakings(parts.store().receipts()));
    return new Errands(new MarketErrands(market, mailbox, parts.around().time(), node), node);
  }

  @Override
  public OwnSide own(MarketView view, boolean unbroken) {
    Driver now = driver.get();
    Optional<OrderTakings.Running> running =
        now.session().filter(DriverSession::isOpen).map(session -> running(now, session));
    return new OwnSide(true, running.isPresent(), unbroken, takings.of(view, running), Map.of());
  }

  private static OrderTakings.Running running(Driver now, DriverSession session) {
    SessionTotals.Total paid = now.channel().leg().paid(session.id()).imported();
    return new OrderTakings.Running(
        session.id(), session.offer().tariff().id(), paid.energy(), paid.amount());
  }

  @Override
  public void agreed(List<Agreement> agreements) {
    machine.accept(new DriverEvent.Agreed(agreements));
  }

  @Override
  public void looked(MarketReport report) {}

  @Override
  public EvmAddress counterparty(Sale sale) {
    return ChainNames.account(sale.seller());
  }
}
