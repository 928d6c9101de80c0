package chargepile.agent.evm.market;

import chargepile.agent.evm.Abi;
import chargepile.agent.evm.DeployedContract;
import chargepile.agent.evm.EvmException;
import chargepile.agent.market.order.RejectionReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.order.eip712.OrderKey;
import com.esaulpaugh.headlong.abi.Tuple;
import java.util.Optional;

/** The order book's events of orders as records; arguments are in the contract's order. */
final class OrderLogDecoder {
  /** Reason codes from here on are vetoes. */
  private static final int VETO = 16;

  private OrderLogDecoder() {}

  /** Empty for events that say nothing of orders. */
  static Optional<OrderLog> decode(DeployedContract.Decoded log) {
    Tuple x = log.arguments();
    return Optional.ofNullable(
        switch (log.event()) {
          case "Requested" ->
              new OrderLog.Requested(
                  key(x),
                  Abi.address(x.get(1)),
                  Abi.address(x.get(2)),
                  OrderStructs.terms(x.<Tuple>get(3), key(x)));
          case "Confirmed" -> new OrderLog.Confirmed(key(x));
          case "Refused" -> new OrderLog.Refused(key(x));
          case "Signed" -> new OrderLog.Signed(key(x), Abi.address(x.get(1)));
          case "Established" -> new OrderLog.Established(key(x));
          case "Approved" -> new OrderLog.Approved(key(x));
          case "Rejected" -> new OrderLog.Rejected(key(x), reason(OrderStructs.number(x, 1)));
          case "Expired" -> new OrderLog.Expired(key(x), status(x, 1));
          case "Recorded" -> new OrderLog.Recorded(key(x));
          case "Began" -> new OrderLog.Began(key(x));
          case "Acknowledged" -> new OrderLog.Acknowledged(key(x), Abi.amount(x.get(1)));
          case "Settled" ->
              new OrderLog.Settled(
                  key(x),
                  status(x, 1),
                  OrderStructs.metering(x.get(2)),
                  OrderStructs.settlement(x.get(3)));
          default -> null;
        });
  }

  static RejectionReason reason(long code) {
    ReviewRule[] rules = ReviewRule.values();
    RejectionReason.VetoReason[] vetoes = RejectionReason.VetoReason.values();
    if (code >= 1 && code <= rules.length) {
      return new RejectionReason.Rule(rules[(int) code - 1]);
    }
    if (code >= VETO && code < VETO + vetoes.length) {
      return new RejectionReason.Veto(vetoes[(int) code - VETO]);
    }
    throw new EvmException("an order is rejected for reason %d, which is none".formatted(code));
  }

  private static OrderKey key(Tuple x) {
    return new OrderKey(Abi.hash(x.get(0)));
  }

  private static OrderStatus status(Tuple x, int index) {
    return OrderStatus.of(OrderStructs.number(x, index));
  }
}
