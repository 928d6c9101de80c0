package chargepile.agent.runtime;

import chargepile.agent.chain.ChainException;
import chargepile.agent.crypto.BouncyCastleSigner;
import chargepile.agent.evm.Wei;
import chargepile.agent.evm.market.MarketChain;
import chargepile.agent.market.desk.AgencyDesk;
import chargepile.agent.market.desk.DeskAction;
import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.Outages;
import chargepile.agent.market.desk.OwnSide;
import chargepile.agent.market.order.PileId;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The grid agency of a market on a real chain: reviews by the rules whenever it looks (P2-09). */
public final class ReviewingAgency {
  private static final OwnSide NO_PILE = new OwnSide(true, false, true, Map.of(), Map.of());

  private final AgencyDesk desk =
      new AgencyDesk(new AgencyDesk.Policy(Set.of(), Map.of(), new Amount(1)));
  private final MarketChain chain;
  private final EvmMarketLedger ledger;

  /**
   * @param meters of the piles whose orders it reviews
   */
  public ReviewingAgency(MarketChain chain, Map<PileId, PublicKey> meters) {
    this.chain = chain;
    this.ledger =
        EvmMarketLedger.of(
            MarketContracts.of(chain.node, chain.orders.address(), chain.since),
            chain.agency.secret(),
            new BouncyCastleSigner(),
            chain.sender(chain.agency),
            () -> Wei.ZERO,
            Optional.empty(),
            meters,
            true,
            _ -> () -> {});
  }

  /** Looks once, and does what there is to do; what it sees. */
  public Optional<MarketView> look() {
    try {
      var unused = chain.sender(chain.agency).advance();
      MarketView view = ledger.view();
      for (DeskAction action : desk.next(view, NO_PILE, Outages.NONE).actions()) {
        ledger.carryOut(action);
      }
      return Optional.of(view);
    } catch (ChainException e) {
      return Optional.empty(); // it looks again
    }
  }
}
