package chargepile.agent.runtime;

import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.market.OfferBoardContract;
import chargepile.agent.evm.market.OrderBookContract;
import chargepile.agent.evm.market.QuoteBookContract;
import chargepile.agent.evm.market.ReviewBoardContract;
import chargepile.agent.units.EvmAddress;

/**
 * The contracts of one market.
 *
 * @param since the block before which there were none
 */
public record MarketContracts(
    EvmNode node,
    OrderBookContract orders,
    QuoteBookContract quotes,
    OfferBoardContract offers,
    ReviewBoardContract board,
    TokenContract token,
    long since) {
  /**
   * Those that an order book names.
   *
   * @throws chargepile.agent.evm.EvmException when it is none, or no node answers
   */
  public static MarketContracts of(EvmNode node, EvmAddress orderBook, long since) {
    OrderBookContract orders = new OrderBookContract(node, orderBook);
    return new MarketContracts(
        node,
        orders,
        new QuoteBookContract(node, orders.quotes()),
        new OfferBoardContract(node, orders.offers()),
        new ReviewBoardContract(node, orders.board()),
        new TokenContract(node, orders.token()),
        since);
  }
}
