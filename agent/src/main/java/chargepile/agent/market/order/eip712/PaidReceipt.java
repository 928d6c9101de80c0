package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector32;

/**
 * The seller's word on what it has been paid for an order in a channel (P2-11). Only the highest
 * counts.
 *
 * @param paid altogether
 */
public record PaidReceipt(OrderKey order, Amount paid) implements OrderMessage {
  private static final ByteVector32 TYPE = Keccak256.hash("Receipt(bytes32 order,uint64 paid)");

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(TYPE, order.value(), Eip712.word(paid));
  }
}
