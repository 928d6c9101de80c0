package chargepile.agent.voucher.eip712;

import chargepile.agent.crypto.Eip712;
import chargepile.agent.crypto.Keccak256;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;

/**
 * A voucher with a hash-time lock (P2-17): it counts only if the preimage of its hash is registered
 * on the chain before it expires.
 *
 * @param cumulative what is paid since the channel was opened, the locked amount included
 * @param seq number of the voucher, from 1
 * @param evidence hash of what is paid for
 * @param hashlock SHA-256 of a 32-byte preimage
 * @param expiry Unix time in seconds of the chain
 */
public record ConditionalVoucher(
    VoucherChannelId channel,
    EvmAddress payer,
    Amount cumulative,
    long seq,
    ByteVector32 evidence,
    ByteVector32 hashlock,
    long expiry)
    implements TypedMessage {
  private static final ByteVector32 TYPE =
      Keccak256.hash(
          "ConditionalVoucher(bytes32 channelId,address payer,uint128 cumulative,uint64 seq,"
              + "bytes32 evidence,bytes32 hashlock,uint64 expiry)");

  public ConditionalVoucher {
    if (seq < 1 || expiry < 0) {
      throw new IllegalArgumentException("voucher %d that expires at %d".formatted(seq, expiry));
    }
  }

  /** Whether {@code preimage} opens the lock. */
  public boolean isOpenedBy(ByteVector32 preimage) {
    return preimage.sha256().equals(hashlock);
  }

  @Override
  public ByteVector32 structHash() {
    return Keccak256.hash(
        TYPE,
        channel.value(),
        Eip712.word(payer),
        Eip712.word(cumulative),
        Eip712.word(seq),
        evidence,
        hashlock,
        Eip712.word(expiry));
  }
}
