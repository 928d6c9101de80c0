package chargepile.agent.cli.demo;

import chargepile.agent.chain.ChainException;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.desk.Decision;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.order.PileId;
import chargepile.agent.runtime.EvmMarketLedger;
import chargepile.agent.runtime.MarketContracts;
import chargepile.agent.runtime.NodeKeys;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.PublicKey;
import java.util.Map;
import java.util.Set;
import org.tinylog.Logger;

/** The demo's grid agency: it reviews what is established, by the rules alone (P2-09). */
final class EvmDemoAgency {
  private static final OwnSide NO_PILE = new OwnSide(true, false, true, Map.of(), Map.of());

  private final AgencyDesk desk =
      new AgencyDesk(new AgencyDesk.Policy(Set.of(), Map.of(), new Amount(1)));
  private final EvmDemoChain.Purse purse;
  private final EvmMarketLedger ledger;

  EvmDemoAgency(
      MarketContracts contracts,
      EvmDemoChain.Purse purse,
      NodeKeys keys,
      Map<PileId, PublicKey> meters) {
    this.purse = purse;
    this.ledger = EvmMarketLedger.ofAgency(contracts, keys, purse.sender(), meters, _ -> () -> {});
  }

  /** Looks once; whether there was nothing to be done. */
  boolean look() {
    try {
      var unused = purse.sender().advance();
      MarketView view = ledger.view();
      Decision decision = desk.next(view, NO_PILE, Outages.NONE);
      for (DeskAction action : decision.actions()) {
        ledger.carryOut(action);
      }
      return decision.actions().isEmpty();
    } catch (ChainException e) {
      Logger.warn("the agency: {}", e.getMessage());
      return false;
    }
  }
}
