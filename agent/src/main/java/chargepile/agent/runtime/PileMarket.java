package chargepile.agent.runtime;

import chargepile.agent.energy.Tariff;
import chargepile.agent.market.Trader;
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
import chargepile.agent.session.pile.Phase;
import chargepile.agent.session.pile.Pile;
import chargepile.agent.session.pile.PileAction;
import chargepile.agent.session.pile.PileEvent;
import chargepile.agent.session.pile.PileSession;
import chargepile.agent.session.wire.SessionPaid;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PublicKey;
import java.util.HashMap;
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
  private final PeerLinks talk;
  private final MarketLedger ledger;
  private final Map<OrderKey, Amount> given = new HashMap<>();
  private Optional<MarketView> last = Optional.empty();

  private PileMarket(
      Supplier<Pile> pile,
      Consumer<PileEvent> machine,
      OrderTakings takings,
      Consumer<MarketReport> reports,
      PeerLinks talk,
      MarketLedger ledger) {
    this.pile = pile;
    this.machine = machine;
    this.takings = takings;
    this.reports = reports;
    this.talk = talk;
    this.ledger = ledger;
  }

  /** Errands that are told of every transition that is stored. */
  record Errands(MarketErrands errands, PileMarket node) {
    /** After every transition. */
    void changed() {
      node.acknowledge(false);
    }

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
      Consumer<MarketReport> reports,
      PeerLinks talk) {
    PileMarket node =
        new PileMarket(
            pile,
            machine,
            new OrderTakings(parts.store().receipts()),
            reports,
            talk,
            market.ledger());
    return new Errands(new MarketErrands(market, mailbox, parts.around().time(), node), node);
  }

  @Override
  public OwnSide own(MarketView view, boolean unbroken, Map<OrderKey, Testimony> testimony) {
    Pile now = pile.get();
    Optional<OrderTakings.Running> running = running(now);
    return new OwnSide(
        now.standing().isEmpty() && !now.chain().blind(),
        now.session().filter(session -> isOccupying(now, session)).isPresent(),
        occupant(now),
        unbroken,
        takings.of(view, running),
        testimony);
  }

  /** A car that stays after its session keeps others away, too. */
  private static boolean isOccupying(Pile now, PileSession session) {
    return isUnderWay(session) || (session.phase() instanceof Phase.Ended && now.plugged());
  }

  /** Whose session it is; nobody's where the operator keeps energy from flowing. */
  private static Optional<Trader> occupant(Pile now) {
    return now.session()
        .filter(session -> isOccupying(now, session))
        .filter(session -> !session.isHeldByOperator())
        .flatMap(session -> now.leg(session.peer()).peerAccount())
        .map(ChainNames::trader);
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
  public boolean goesOn(Tariff terms) {
    return pile.get()
        .session()
        .filter(PileMarket::isUnderWay)
        .filter(session -> session.offer().tariff().equals(terms))
        .isPresent();
  }

  @Override
  public void agreed(List<Agreement> agreements) {
    machine.accept(new PileEvent.Agreed(agreements));
  }

  @Override
  public void looked(MarketReport report) {
    last = Optional.of(report.view());
    acknowledge(true);
    reports.accept(report);
  }

  /**
   * Gives buyers their receipts: a pile that was paid in a channel can't ask the escrow for it.
   *
   * @param again also those that were given before, which may be lost
   */
  private void acknowledge(boolean again) {
    MarketView view = last.orElse(null);
    if (view == null) {
      return;
    }
    Pile now = pile.get();
    now.session()
        .ifPresent(
            session -> {
              PublicKey buyer = session.peer();
              Map<OrderKey, Delivered> delivered = takings.of(view, running(now));
              for (OrderView order : view.orders()) {
                boolean isOfSession = Sale.tag(order.key()) == session.offer().tariff().id();
                Amount paid = delivered.getOrDefault(order.key(), Delivered.NOTHING).paid();
                if (isOfSession
                    && order.stage().isOnRecord()
                    && paid.value() > 0
                    && (again || !paid.equals(given.get(order.key())))) {
                  given.put(order.key(), paid);
                  talk.send(
                      buyer,
                      List.of(
                          new PeerMessage.OfSession(
                              new SessionPaid(
                                  session.id(), paid, ledger.receipt(order.key(), paid)))));
                }
              }
            });
  }

  private static Optional<OrderTakings.Running> running(Pile now) {
    return now.session().filter(PileMarket::isUnderWay).map(session -> running(now, session));
  }

  @Override
  public EvmAddress counterparty(Sale sale) {
    return ChainNames.account(sale.buyer());
  }
}
