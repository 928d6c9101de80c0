package chargepile.agent.cli.market.chain;

/** What configurations say of a market that was deployed. */
final class MarketTables {
  private MarketTables() {}

  /** The tables {@code [evm]} and {@code [market]}, as a configuration has them. */
  static String text(ChainOptions chain, Deployment.Market market, Blueprint blueprint) {
    return """
    [evm]
    chain_id = %d
    rpc_url = "%s"
    finality = "%s"
    token = "%s"
    voucher_channel = "%s"
    since_block = %d

    [market]
    registry = "%s"
    offer_board = "%s"
    order_book = "%s"
    review_board = "%s"
    settlement_log = "%s"
    """
        .formatted(
            chain.chain(),
            chain.rpc(),
            chain.finalityName(),
            market.of(Part.TOKEN),
            market.of(Part.CHANNELS),
            market.since(),
            market.of(Part.REGISTRY),
            market.of(Part.OFFERS),
            market.of(Part.ORDERS),
            market.of(Part.REVIEWS),
            market.of(Part.SETTLEMENTS));
  }
}
