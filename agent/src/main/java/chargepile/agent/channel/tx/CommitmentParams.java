package chargepile.agent.channel.tx;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.OutPoint;
import fr.acinq.bitcoin.PublicKey;

/**
 * What all of one side's commitment transactions have in common; the owner is that side.
 *
 * @param toSelfDelay blocks the owner waits for its own balance, 1 to 65535
 * @param ownerIsFunder the funder pays the fee and the anchors
 * @param obscuringFactor 48 bits, of {@link #obscuringFactor(PublicKey, PublicKey)}
 */
public record CommitmentParams(
    OutPoint fundingOutPoint,
    Satoshi capacity,
    PublicKey ownerFunding,
    PublicKey otherFunding,
    Satoshi ownerDustLimit,
    int toSelfDelay,
    boolean ownerIsFunder,
    long obscuringFactor) {

  private static final int MAX_DELAY = 0xffff;

  public CommitmentParams {
    if (toSelfDelay < 1 || toSelfDelay > MAX_DELAY) {
      throw new IllegalArgumentException("to_self_delay outside 1 to 65535: " + toSelfDelay);
    }
    if (obscuringFactor >>> 48 != 0) {
      throw new IllegalArgumentException("obscuring factor above 48 bits: " + obscuringFactor);
    }
  }

  /** The factor that hides commitment numbers from the chain (BOLT 3, locktime and sequence). */
  public static long obscuringFactor(
      PublicKey openerPaymentBasepoint, PublicKey accepterPaymentBasepoint) {
    byte[] hash =
        openerPaymentBasepoint.value.concat(accepterPaymentBasepoint.value).sha256().toByteArray();
    long factor = 0;
    for (int i = hash.length - 6; i < hash.length; i++) {
      factor = (factor << 8) | (hash[i] & 0xff);
    }
    return factor;
  }
}
