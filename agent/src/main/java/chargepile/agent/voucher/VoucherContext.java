package chargepile.agent.voucher;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.Signer;
import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.PrivateKey;

/**
 * What a voucher channel's machine is given from outside.
 *
 * @param key signs vouchers and transactions of this side
 * @param metering whether this side meters the energy
 */
public record VoucherContext(
    Signer signer, PrivateKey key, VoucherSettings settings, boolean metering) {
  /** This side's account. */
  public EvmAddress address() {
    return EvmSignature.address(signer.publicKey(key));
  }
}
