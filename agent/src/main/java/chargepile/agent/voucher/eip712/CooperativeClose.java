package chargepile.agent.voucher.eip712;

import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * What both parties get if both sign: at once, and without a challenge period (P2-18).
 *
 * @param deadline the last Unix time in seconds of the chain at which the contract takes it
 */
public record CooperativeClose(
    VoucherChannelId channel, Amount payoutA, Amount payoutB, long deadline)
    implements TypedMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "CooperativeClose(bytes32 channelId,uint128 payoutA,uint128 payoutB,uint64 deadline)");

  public CooperativeClose {
    if (deadline < 0) {
      throw new IllegalArgumentException("a deadline below zero: " + deadline);
    }
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE, channel.value(), Word.of(payoutA), Word.of(payoutB), Word.of(deadline));
  }
}
