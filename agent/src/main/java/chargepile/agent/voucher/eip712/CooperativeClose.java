package chargepile.agent.voucher.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * That these were the last payments, if both sign: the contract pays out by them at once, without a
 * challenge period (P2-18). It names payments and not payouts, so that a deposit in between makes
 * it neither void nor somebody's loss: that is paid to whom it was deposited for.
 *
 * @param paidByA all that A has paid over the channel
 * @param paidByB likewise
 * @param deadline the last Unix time in seconds of the chain at which the contract takes it
 */
public record CooperativeClose(
    VoucherChannelId channel, Amount paidByA, Amount paidByB, long deadline)
    implements TypedMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "CooperativeClose(bytes32 channelId,uint128 paidByA,uint128 paidByB,uint64 deadline)");

  public CooperativeClose {
    if (deadline < 0) {
      throw new IllegalArgumentException("a deadline below zero: " + deadline);
    }
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE, channel.value(), Eip712.word(paidByA), Eip712.word(paidByB), Eip712.word(deadline));
  }
}
