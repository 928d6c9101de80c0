package chargepile.agent.market.order.eip712;

import fr.acinq.bitcoin.ByteVector32;

/** What is signed of an order (EIP-712). */
public sealed interface OrderMessage
    permits ContractTerms, MeterRecord, MeteringAgreed, PaidReceipt {
  /** {@code hashStruct}: the hash of the type's hash and the fields' words. */
  ByteVector32 structHash();
}
