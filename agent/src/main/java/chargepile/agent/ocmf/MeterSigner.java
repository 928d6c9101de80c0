package chargepile.agent.ocmf;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;

/**
 * Signs what a meter says. One signature takes as long as one of a channel's; nothing here waits.
 *
 * @param key the meter's; it signs nothing else
 */
public record MeterSigner(Signer signer, PrivateKey key) {
  public PublicKey publicKey() {
    return signer.publicKey(key);
  }

  /**
   * The record of a payload; the same bytes for the same payload.
   *
   * @throws IllegalArgumentException when a text in it can't stand in a record
   */
  public MeterRecord sign(Payload payload) {
    String text = PayloadText.of(payload);
    return MeterRecord.signed(payload, text, signer.sign(MeterRecord.digest(text), key));
  }

  @Override
  public String toString() {
    return "MeterSigner of " + publicKey();
  }
}
