package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * L: who signs together, fixed and hashed before the first signs (P1-13). Sorted by name, no party
 * and no key twice, so that a set has one form.
 */
public final class SignerSet {
  /** So many may sign together. */
  public static final int MOST = 256;

  /** A party and its public key y. */
  public record Signer(PartyId party, G2Point publicKey) {}

  private final List<Signer> signers;
  private final ByteVector32 hash;

  private SignerSet(List<Signer> signers) {
    this.signers = signers;
    FieldWriter out = new FieldWriter();
    out.list(signers, signer -> out.party(signer.party()).point(signer.publicKey()));
    this.hash = Digest.of(Suite.SIGNERS, out.toByteVector());
  }

  /**
   * A set from its members in any order.
   *
   * @throws IllegalArgumentException when there is none, too many, or a party or key twice, or a
   *     key is the identity point
   */
  public static SignerSet of(Collection<Signer> signers) {
    if (signers.isEmpty() || signers.size() > MOST) {
      throw new IllegalArgumentException(
          "1 to %d parties sign together, not %d".formatted(MOST, signers.size()));
    }
    List<Signer> sorted = signers.stream().sorted(Comparator.comparing(Signer::party)).toList();
    Set<Object> seen = new HashSet<>();
    for (Signer signer : sorted) {
      if (signer.publicKey().isIdentity()) {
        throw new IllegalArgumentException("the identity point is no key of " + signer.party());
      }
      if (!seen.add(signer.party()) || !seen.add(signer.publicKey())) {
        throw new IllegalArgumentException(signer.party() + " or its key is a signer twice");
      }
    }
    return new SignerSet(sorted);
  }

  /** The set of the parties that certificates are for. */
  public static SignerSet certified(Collection<Certificate> certificates) {
    return of(certificates.stream().map(c -> new Signer(c.party(), c.publicKey())).toList());
  }

  public List<Signer> signers() {
    return signers;
  }

  public Stream<PartyId> parties() {
    return signers.stream().map(Signer::party);
  }

  /** H(L). */
  public ByteVector32 hash() {
    return hash;
  }

  /** ι_i = H(ID_i, y_i, H(L)) in Z_q*, which stands where the paper has ID_i (P1-16). */
  Zq coefficient(Signer signer) {
    ByteVector input =
        new FieldWriter()
            .party(signer.party())
            .point(signer.publicKey())
            .bytes(hash)
            .toByteVector();
    return Digest.toScalar(Suite.COEFFICIENT, input);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignerSet that && signers.equals(that.signers);
  }

  @Override
  public int hashCode() {
    return signers.hashCode();
  }

  @Override
  public String toString() {
    return "SignerSet" + parties().toList();
  }
}
