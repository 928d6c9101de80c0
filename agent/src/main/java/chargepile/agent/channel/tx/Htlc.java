package chargepile.agent.channel.tx;

import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector32;

/**
 * An HTLC in a commitment.
 *
 * @param side from the viewpoint of the commitment's owner
 * @param id the offerer's number of it
 * @param amount millisatoshi
 * @param cltvExpiry the block height of its timeout
 */
public record Htlc(
    HtlcSide side, long id, Amount amount, ByteVector32 paymentHash, long cltvExpiry) {
  public Htlc {
    // At 500,000,000 lock times turn from block heights into seconds (BOLT 2).
    if (cltvExpiry < 0 || cltvExpiry >= 500_000_000) {
      throw new IllegalArgumentException(
          "HTLC " + id + ": cltv_expiry is no block height: " + cltvExpiry);
    }
  }

  /** The same HTLC from the viewpoint of the other side. */
  public Htlc seenByOther() {
    return new Htlc(side.opposite(), id, amount, paymentHash, cltvExpiry);
  }

  /** Whether {@code preimage} fulfils this HTLC. */
  public boolean isPaidBy(ByteVector32 preimage) {
    return preimage.sha256().equals(paymentHash);
  }

  void requirePreimage(ByteVector32 preimage) {
    if (!isPaidBy(preimage)) {
      throw new IllegalArgumentException(
          "HTLC " + id + ": the preimage does not hash to the payment hash");
    }
  }
}
