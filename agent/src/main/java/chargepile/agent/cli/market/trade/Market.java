package chargepile.agent.cli.market.trade;

import chargepile.agent.cli.market.chain.NodeOptions;
import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.EvmException;
import chargepile.agent.evm.EvmNode;
import chargepile.agent.evm.TokenContract;
import chargepile.agent.evm.market.OfferBoardContract;
import chargepile.agent.evm.market.OrderBookContract;
import chargepile.agent.evm.market.QuoteBookContract;
import chargepile.agent.evm.market.RegistryContract;
import chargepile.agent.evm.market.ReviewBoardContract;
import chargepile.agent.units.EvmAddress;

/**
 * A market that is reached: its contracts, as the order book names them.
 *
 * @param since the first block in which its logs are looked for
 */
record Market(
    NodeOptions.Reached chain,
    RegistryContract registry,
    OfferBoardContract offers,
    QuoteBookContract quotes,
    OrderBookContract orders,
    ReviewBoardContract board,
    TokenContract token,
    long since)
    implements AutoCloseable {
  /**
   * @throws EvmException also when what stands there is no order book
   */
  static Market at(NodeOptions.Reached chain, EvmAddress orderBook, long since) {
    EvmNode node = chain.node();
    OrderBookContract orders = new OrderBookContract(node, orderBook);
    return new Market(
        chain,
        new RegistryContract(node, orders.registry()),
        new OfferBoardContract(node, orders.offers()),
        new QuoteBookContract(node, orders.quotes()),
        orders,
        new ReviewBoardContract(node, orders.board()),
        new TokenContract(node, orders.token()),
        since);
  }

  EvmNode node() {
    return chain.node();
  }

  /** The latest block. */
  EvmBlock head() {
    return node()
        .block(BlockRef.LATEST)
        .orElseThrow(() -> new EvmException(node() + " has no block at all"));
  }

  @Override
  public void close() {
    chain.close();
  }
}
