package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** The paper's scheme in two readings, with the same verbs, so that the same attack meets both. */
enum Profile {
  /**
   * As printed: the factor of a signer is its ID as a number, and the message alone is hashed. Here
   * for known answers and to show what breaks; the program can't be made to use it.
   */
  PAPER {
    @Override
    G1Point hash(List<Member> signers, ByteVector message, Pairing pairing) {
      return pairing.hashToG1(message, Suite.SIGNATURE);
    }

    @Override
    Zq factor(Member member, List<Member> signers) {
      return Zq.of(new BigInteger(1, member.id().getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    boolean verify(List<Member> signers, ByteVector message, G1Point signature, Pairing pairing) {
      G2Point key =
          pairing.sum(
              signers.stream()
                  .map(member -> pairing.multiply(member.publicKey(), factor(member, signers)))
                  .toList());
      // The printed equation takes the identity on both sides: 1 = 1.
      return (signature.isIdentity() && key.isIdentity())
          || pairing.verify(signature, hash(signers, message, pairing), key);
    }
  },

  /** What the program does. */
  HARDENED {
    @Override
    G1Point hash(List<Member> signers, ByteVector message, Pairing pairing) {
      return pairing.hashToG1(
          new FieldWriter().bytes(set(signers).hash()).bytes(message).toByteVector(),
          Suite.SIGNATURE);
    }

    @Override
    Zq factor(Member member, List<Member> signers) {
      return set(signers).coefficient(member.signer());
    }

    @Override
    boolean verify(List<Member> signers, ByteVector message, G1Point signature, Pairing pairing) {
      return new MultiSignature(pairing).verify(set(signers), message, signature);
    }
  };

  /** What everybody knows of a signer. */
  record Member(String id, G2Point publicKey) {
    SignerSet.Signer signer() {
      return new SignerSet.Signer(new PartyId(id), publicKey);
    }
  }

  /** h. */
  abstract G1Point hash(List<Member> signers, ByteVector message, Pairing pairing);

  /** What stands before x_i · h and y_i: ID_i or ι_i. Anybody can compute it. */
  abstract Zq factor(Member member, List<Member> signers);

  /** e(S, P) = e(h, Σ factor_i · y_i). */
  abstract boolean verify(
      List<Member> signers, ByteVector message, G1Point signature, Pairing pairing);

  /** What one signer adds: factor · x · h. */
  G1Point share(List<Member> signers, ByteVector message, Member self, Zq secret, Pairing pairing) {
    G1Point h = hash(signers, message, pairing);
    return pairing.multiply(pairing.multiplySecret(h, secret), factor(self, signers));
  }

  private static SignerSet set(Collection<Member> members) {
    return SignerSet.of(members.stream().map(Member::signer).toList());
  }
}
