package chargepile.agent.voucher.eip712;

import fr.acinq.bitcoin.ByteVector32;

/** A struct that parties of a voucher channel sign (EIP-712). */
public sealed interface TypedMessage permits Voucher, ConditionalVoucher, CooperativeClose {
  /** {@code hashStruct}: the hash of the type's hash and the fields' words. */
  ByteVector32 structHash();
}
