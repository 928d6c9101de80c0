package chargepile.agent.identity;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.BouncyCastlePairing;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.MalformedPointException;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.identity.Registry.Party;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What is read is written again to the same bytes; all else is refused by the one exception. */
class IdentityFuzzTest {
  private static final Pairing NATIVE = BlstPairing.load();
  private static final Pairing JAVA = new BouncyCastlePairing();

  @TestFactory
  Stream<DynamicTest> doors() throws Exception {
    Registry registry = new Registry("kgc", NATIVE);
    Party pile = registry.party("pile-1", Role.PILE);
    Party user = registry.party("alice", Role.USER);
    SettlementCertificate terms = Registry.settlement(pile.id(), user.id());
    SignerSet signers = Registry.set(List.of(pile, user));
    PartialSignature partial = registry.sign(signers, terms.encode(), List.of(user, pile));
    ProofOfPossession proof =
        ProofOfPossession.prove(registry.subject(user.id()), user.key().secret(), NATIVE);
    RevocationList revocations =
        registry.centre.revoke(
            7,
            Registry.NOW,
            List.of(new Revocation(3, Registry.NOW), new Revocation(9, Registry.NOW)));
    return Fuzz.tests(
        door(
            "KGC parameters",
            registry.parameters.encode(),
            bytes -> KgcParameters.decode(bytes, NATIVE).encode()),
        door(
            "an issued key",
            registry.centre.issue(user.id(), Zq.of(7)).encode(),
            bytes -> IssuedKey.decode(bytes, NATIVE).encode()),
        door(
            "an identity key",
            user.key().encode(),
            bytes -> IdentityKey.decode(bytes, NATIVE).encode()),
        door(
            "a proof of possession",
            proof.encode(),
            bytes -> ProofOfPossession.decode(bytes, NATIVE).encode()),
        door(
            "a registration",
            pile.certificate().registration().encode(),
            bytes -> Registration.decode(bytes, NATIVE).encode()),
        door(
            "a certificate",
            pile.certificate().encode(),
            bytes -> Certificate.decode(bytes, NATIVE).encode()),
        door(
            "a revocation list",
            revocations.encode(),
            bytes -> RevocationList.decode(bytes, NATIVE).encode()),
        door(
            "a partial signature",
            partial.encode(),
            bytes -> PartialSignature.decode(bytes, NATIVE).encode()),
        door(
            "a settlement certificate",
            terms.encode(),
            bytes -> SettlementCertificate.decode(bytes).encode()),
        door(
            "a signed settlement",
            registry.sign(terms, List.of(pile, user)).encode(),
            bytes -> SignedSettlement.decode(bytes, NATIVE).encode()),
        point("a point of G1", partial.point().encode(), IdentityFuzzTest::g1),
        point("a point of G2", user.key().publicKey().encode(), IdentityFuzzTest::g2));
  }

  private static Door door(String name, ByteVector sample, Function<ByteVector, ByteVector> again) {
    return Door.of(
        name,
        List.of(sample.toByteArray()),
        MalformedIdentityException.class,
        input -> requireSame(new ByteVector(input), again));
  }

  /** Both back ends judge alike; the slow one makes the door slow. */
  private static Door point(
      String name, ByteVector sample, Function<ByteVector, ByteVector> again) {
    return Door.of(
            name,
            List.of(sample.toByteArray()),
            MalformedPointException.class,
            input -> requireSame(new ByteVector(input), again))
        .oneIn(20);
  }

  private static void requireSame(ByteVector input, Function<ByteVector, ByteVector> again) {
    if (!again.apply(input).equals(input)) {
      throw new IllegalStateException("it is written to other bytes than it was read from");
    }
  }

  private static ByteVector g1(ByteVector bytes) {
    return alike(() -> NATIVE.decodeG1(bytes), () -> JAVA.decodeG1(bytes), G1Point::encode);
  }

  private static ByteVector g2(ByteVector bytes) {
    return alike(() -> NATIVE.decodeG2(bytes), () -> JAVA.decodeG2(bytes), G2Point::encode);
  }

  private static <T> ByteVector alike(
      Supplier<T> first, Supplier<T> second, Function<T, ByteVector> encode) {
    Optional<T> point = read(first);
    if (!point.equals(read(second))) {
      throw new IllegalStateException("the back ends read different points, or only one reads it");
    }
    return encode.apply(point.orElseGet(first)); // which says again why there is none
  }

  private static <T> Optional<T> read(Supplier<T> decoder) {
    try {
      return Optional.of(decoder.get());
    } catch (MalformedPointException e) {
      return Optional.empty();
    }
  }
}
