package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;

/**
 * The short sequential multi-signature (P1-13 to P1-17): the parties of a set L sign one message
 * one after another, in any order, into one point of G1.
 *
 * <pre>
 * h   = H2(H(L) ‖ m)                                   RFC 9380, to G1
 * ι_i = H(ID_i, y_i, H(L))                             in place of the paper's ID_i
 * S_j = S_{j-1} + ι_j · x_j · h                        after S_{j-1} was verified
 * e(S, P) = e(h, Σ ι_i · y_i)                          two pairings for any number of signers
 * </pre>
 *
 * The coefficients and the hashed set are those of the multisignature of Boneh, Drijvers and Neven
 * (2018); with them the paper's equations hold as printed and its attacks don't (requirements 3.2).
 */
public final class MultiSignature {
  private final Pairing pairing;

  public MultiSignature(Pairing pairing) {
    this.pairing = pairing;
  }

  /**
   * The first signature.
   *
   * @throws IllegalArgumentException when the key is not one of the set's
   */
  public PartialSignature start(SignerSet signers, ByteVector message, IdentityKey key) {
    G1Point own = own(signers, hash(signers, message), key);
    return new PartialSignature(List.of(key.party()), own);
  }

  /**
   * The next signature, once what was received is verified.
   *
   * @throws IllegalArgumentException when the key is not one of the set's, or has signed already
   * @throws InvalidSignatureException when what was received is not the signature of those it names
   *     on this message; nothing was signed
   */
  public PartialSignature add(
      PartialSignature received, SignerSet signers, ByteVector message, IdentityKey key)
      throws InvalidSignatureException {
    if (received.signed().contains(key.party())) {
      throw new IllegalArgumentException(key.party() + " has signed already");
    }
    G1Point h = hash(signers, message);
    if (!verifies(received, signers, h)) {
      throw new InvalidSignatureException(
          "what was received is no signature of %s on this message: not signed"
              .formatted(received.signed()));
    }
    G1Point sum = pairing.add(received.point(), own(signers, h, key));
    return PartialSignature.of(received.signed(), key.party(), sum);
  }

  /** Whether those it names, members of the set, have signed. */
  public boolean verify(SignerSet signers, ByteVector message, PartialSignature signature) {
    return verifies(signature, signers, hash(signers, message));
  }

  /** Whether all of the set have signed. */
  public boolean verify(SignerSet signers, ByteVector message, G1Point signature) {
    return pairing.verify(signature, hash(signers, message), key(signers, signers.signers()));
  }

  private boolean verifies(PartialSignature signature, SignerSet signers, G1Point h) {
    List<SignerSet.Signer> signed =
        signers.signers().stream()
            .filter(signer -> signature.signed().contains(signer.party()))
            .toList();
    return signed.size() == signature.signed().size()
        && pairing.verify(signature.point(), h, key(signers, signed));
  }

  /** Σ ι_i · y_i. */
  private G2Point key(SignerSet signers, List<SignerSet.Signer> of) {
    return pairing.sum(
        of.stream()
            .map(signer -> pairing.multiply(signer.publicKey(), signers.coefficient(signer)))
            .toList());
  }

  /** ι_j · x_j · h; the secret is multiplied first, so that nothing else is computed with it. */
  private G1Point own(SignerSet signers, G1Point h, IdentityKey key) {
    SignerSet.Signer self = new SignerSet.Signer(key.party(), key.publicKey());
    if (!signers.signers().contains(self)) {
      throw new IllegalArgumentException(
          "%s with this key is none of the signers %s".formatted(key.party(), signers));
    }
    return pairing.multiply(pairing.multiplySecret(h, key.secret()), signers.coefficient(self));
  }

  private G1Point hash(SignerSet signers, ByteVector message) {
    return pairing.hashToG1(
        new FieldWriter().bytes(signers.hash()).bytes(message).toByteVector(), Suite.SIGNATURE);
  }
}
