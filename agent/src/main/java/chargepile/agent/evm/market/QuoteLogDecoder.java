package chargepile.agent.evm.market;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmException;
import chargepile.agent.market.Match;
import chargepile.agent.market.QuoteId;
import chargepile.agent.market.Side;
import chargepile.agent.market.TradePrice;
import com.esaulpaugh.headlong.abi.Tuple;
import java.util.Optional;

/** The quote book's events as records; arguments are in the contract's order. */
final class QuoteLogDecoder {
  private QuoteLogDecoder() {}

  /** Empty for events that say nothing of quotes. */
  static Optional<QuoteLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Quoted" ->
              new QuoteLog.Quoted(
                  number(x, 0),
                  id(x, 1),
                  Abi.address(x.get(2)),
                  side(number(x, 3)),
                  Abi.amount(x.get(4)),
                  OrderStructs.energy(x, 5));
          case "Requoted" ->
              new QuoteLog.Requoted(
                  id(x, 0), id(x, 1), Abi.amount(x.get(2)), OrderStructs.energy(x, 3));
          case "QuoteWithdrawn" -> new QuoteLog.Withdrawn(id(x, 0));
          case "QuoteDisplaced" -> new QuoteLog.Displaced(id(x, 0), id(x, 1));
          case "Matched" ->
              new QuoteLog.Matched(
                  new Match(
                      id(x, 0),
                      id(x, 1),
                      Abi.amount(x.get(4)),
                      Abi.amount(x.get(5)),
                      new TradePrice(number(x, 6)),
                      OrderStructs.energy(x, 7)),
                  Abi.address(x.get(2)),
                  Abi.address(x.get(3)));
          case "RoundMatched" ->
              new QuoteLog.RoundMatched(number(x, 0), (int) number(x, 1), (int) number(x, 2));
          default -> null;
        });
  }

  static Side side(long code) {
    for (Side side : Side.values()) {
      if (code(side) == code) {
        return side;
      }
    }
    throw new EvmException("a quote is on side %d, which is none".formatted(code));
  }

  /** The contract's number of a side. */
  static int code(Side side) {
    return switch (side) {
      case ASK -> 0;
      case BID -> 1;
    };
  }

  private static QuoteId id(Tuple x, int index) {
    return new QuoteId(number(x, index));
  }

  private static long number(Tuple x, int index) {
    return OrderStructs.number(x, index);
  }
}
