package chargepile.agent.runtime;

import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.session.Agreement;
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A pile's side of the market: what its desk is told of sessions, and they of it. */
final class PileMarket implements MarketErrands.Node {
  private final Supplier<Pile> pile;
  private final Consumer<PileEvent> machine;
  private final OrderTakings takings;
  private final Consumer<MarketReport> reports;

  private PileMarket(
      Supplier<Pile> pile,
      Consumer<PileEvent> machine,
      OrderTakings takings,
      Consumer<MarketReport> reports) {
    this.pile = pile;
    this.machine = machine;
    this.takings = takings;
    this.reports = reports;
  }

  /** Errands that are told of every transition that is stored. */
  record Errands(MarketErrands errands, PileMarket node) {
    void stored(PileAction.Store stored) {
      stored.receipts().values().forEach(node.takings::ended);
    }
  }

  /** On the mailbox. */
  static Errands of(
      Market market,
      PileNode.Parts parts,
      Executor mailbox,
      Supplier<Pile> pile,
      Consumer<PileEvent> machine,
      Consumer<MarketReport> reports) {
    PileMarket node =
        new PileMarket(pile, machine, new OrderTakings(parts.store().receipts()), reports);
    return new Errands(new MarketErrands(market, mailbox, parts.around().time(), node), node);
  }

  @Override
  public OwnSide own(MarketView view, boolean unbroken) {
    Pile now = pile.get();
    Optional<OrderTakings.Running> running =
        now.session().filter(PileMarket::isUnderWay).map(session -> running(now, session));
    return new OwnSide(
        now.standing().isEmpty() && !now.chain().blind(),
        running.isPresent(),
        unbroken,
        takings.of(view, running),
        Map.of());
  }

  private static boolean isUnderWay(PileSession session) {
    return !(session.phase() instanceof Phase.Offered || session.phase() instanceof Phase.Ended);
  }

  private static OrderTakings.Running running(Pile now, PileSession session) {
    return new OrderTakings.Running(
        session.id(),
        session.offer().tariff().id(),
        session.delivered(Direction.IMPORT, now.meter().registers()),
        now.leg(session.peer()).paid(session.id()).imported().amount());
  }

  @Override
  public void agreed(List<Agreement> agreements) {
    machine.accept(new PileEvent.Agreed(agreements));
  }

  @Override
  public void looked(MarketReport report) {
    reports.accept(report);
  }

  @Override
  public EvmAddress counterparty(Sale sale) {
    return ChainNames.account(sale.buyer());
  }
}
