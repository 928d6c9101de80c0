package chargepile.agent.cli.market.chain;

import chargepile.agent.config.EvmSettings;
import java.util.List;

/** What configurations say of a market that was deployed. */
final class MarketTables {
  private MarketTables() {}

  /** The tables {@code [evm]} and {@code [market]}, as a configuration has them. */
  static String text(
      long chain, NodeOptions.Reached reached, Deployment.Market market, Rules rules) {
    return """
    [evm]
    %s
    chain_id = %d
    %s
    voucher_channel = "%s"
    token = "%s"
    first_block = %d
    challenge_period_s = %d
    minimum_challenge_period_s = %d
    maximum_challenge_period_s = %d

    [market]
    registry = "%s"
    offer_board = "%s"
    order_book = "%s"
    quote_book = "%s"
    review_board = "%s"
    settlement_log = "%s"
    # the grid's name of this pile's feeder, which its agency has published
    feeder = "?"
    """
        .formatted(
            nodes(reached.places()),
            chain,
            finality(reached.last()),
            market.of(Part.CHANNELS),
            market.of(Part.TOKEN),
            market.since(),
            within(rules, 86_400),
            within(rules, 43_200),
            rules.of(Rule.MOST_CHALLENGE),
            market.of(Part.REGISTRY),
            market.of(Part.OFFERS),
            market.of(Part.ORDERS),
            market.of(Part.QUOTES),
            market.of(Part.REVIEWS),
            market.of(Part.SETTLEMENTS));
  }

  private static String nodes(List<EvmSettings.Node> places) {
    StringBuilder text = new StringBuilder();
    String prefix = "";
    for (EvmSettings.Node place : places) {
      text.append(text.isEmpty() ? "" : "\n")
          .append("%srpc_url = \"%s\"".formatted(prefix, place.rpc()));
      prefix = "second_";
    }
    return text.toString();
  }

  /** What is usual, where the contract takes it. */
  private static long within(Rules rules, long usual) {
    return Math.clamp(usual, rules.of(Rule.LEAST_CHALLENGE), rules.of(Rule.MOST_CHALLENGE));
  }

  private static String finality(EvmSettings.Finality last) {
    return switch (last) {
      case EvmSettings.Finality.Tag tag ->
          switch (tag) {
            case SAFE -> "finality = \"safe\"";
            case FINALIZED -> "finality = \"finalized\"";
          };
      case EvmSettings.Finality.Depth(int blocks) ->
          "finality = \"depth\"\nfinal_depth_blocks = " + blocks;
    };
  }
}
