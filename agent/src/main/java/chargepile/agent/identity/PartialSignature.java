package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import fr.acinq.bitcoin.ByteVector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * S_j and who has signed so far: what a signer passes to the next (P1-13, P1-14).
 *
 * @param signed sorted by name, none twice
 */
public record PartialSignature(List<PartyId> signed, G1Point point) {
  private static final String MAGIC = "CPPS1";

  public PartialSignature {
    signed = List.copyOf(signed);
    if (signed.isEmpty() || signed.size() > SignerSet.MOST) {
      throw new IllegalArgumentException("1 to %d parties sign".formatted(SignerSet.MOST));
    }
    for (int i = 1; i < signed.size(); i++) {
      if (signed.get(i - 1).compareTo(signed.get(i)) >= 0) {
        throw new IllegalArgumentException("signers are listed by name, none twice");
      }
    }
  }

  static PartialSignature of(Collection<PartyId> signed, PartyId another, G1Point point) {
    List<PartyId> all = new ArrayList<>(signed);
    all.add(another);
    all.sort(null);
    return new PartialSignature(all, point);
  }

  /** Whether all of a set have signed. */
  public boolean isComplete(SignerSet signers) {
    return signed.equals(signers.parties().toList());
  }

  public ByteVector encode() {
    FieldWriter out = FieldWriter.of(MAGIC);
    return out.list(signed, out::party).point(point).toByteVector();
  }

  /** Throws {@link MalformedIdentityException}. */
  public static PartialSignature decode(ByteVector bytes, Pairing pairing) {
    return FieldReader.whole(
        "partial signature",
        MAGIC,
        bytes,
        in -> new PartialSignature(in.list(SignerSet.MOST, in::party), in.g1(pairing)));
  }
}
