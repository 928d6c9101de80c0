package chargepile.agent.voucher.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * A balance proof (P2-15): all that {@code payer} has paid in a channel so far, in one direction.
 * It only grows, so the latest is the largest, and who is paid may show it whenever it likes.
 *
 * @param cumulative what is paid since the channel was opened
 * @param seq number of the voucher, from 1
 * @param evidence hash of what is paid for: the claim with its meter record
 */
public record Voucher(
    VoucherChannelId channel, EvmAddress payer, Amount cumulative, long seq, ByteVector32 evidence)
    implements TypedMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "Voucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,bytes32"
              + " evidence)");

  public Voucher {
    if (seq < 1) {
      throw new IllegalArgumentException("vouchers are numbered from 1, not " + seq);
    }
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE,
        channel.value(),
        Eip712.word(payer),
        Eip712.word(cumulative),
        Eip712.word(seq),
        evidence);
  }
}
