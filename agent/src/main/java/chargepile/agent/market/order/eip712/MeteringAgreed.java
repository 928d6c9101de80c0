package chargepile.agent.market.order.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.market.order.Metering;
import fr.acinq.bitcoin.ByteVector32;

/** What both parties say of a delivery, by which an order is settled at any time (P2-11). */
public record MeteringAgreed(OrderKey order, Metering metering) implements OrderMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash("Metering(bytes32 order,uint64 availableWh,uint64 takenWh,uint64 paid)");

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE,
        order.value(),
        Eip712.word(metering.available().value()),
        Eip712.word(metering.taken().value()),
        Eip712.word(metering.paid()));
  }
}
