package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.BouncyCastlePairing;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Profile.Member;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same inputs give the same bytes in every version and on both back ends: whoever changes an
 * encoding, a tag or an equation changes these files, and everybody's certificates.
 */
class KnownAnswersTest {
  private static final Instant NOT_BEFORE = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOT_AFTER = Instant.parse("2027-01-01T00:00:00Z");

  static Stream<Pairing> pairings() {
    return Stream.of(BlstPairing.load(), new BouncyCastlePairing());
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void hardened(Pairing pairing) throws Exception {
    Properties known = known("hardened.properties");
    var master = MasterKey.decode(new ByteVector32(value(known, "s")));
    var centre = new KeyGenerationCentre(new PartyId("kgc"), master, pairing);
    assertKnown(known, "parameters", centre.parameters().encode());
    assertKnown(known, "kgc", centre.parameters().id());

    List<IdentityKey> keys = new ArrayList<>();
    List<Certificate> certificates = new ArrayList<>();
    for (String name : List.of("alice", "pile-1")) {
      Zq tag = Zq.decode(new ByteVector32(value(known, name + ".K")));
      IssuedKey issued = centre.issue(new PartyId(name), tag);
      assertKnown(known, name + ".x", issued.share().encode());
      assertKnown(known, name + ".y", issued.publicKey().encode());
      IdentityKey key = issued.complete(pairing);
      Certificate certificate = centre.certify(registration(centre, key, certificates.size() + 1));
      assertKnown(known, name + ".certificate", certificate.encode());
      assertKnown(
          known,
          name + ".possession",
          ProofOfPossession.prove(
                  new FieldWriter().party(key.party()).toByteVector(), key.secret(), pairing)
              .encode());
      keys.add(key);
      certificates.add(certificate);
    }
    assertKnown(
        known,
        "revocations",
        centre.revoke(1, NOT_BEFORE, List.of(new Revocation(2, NOT_BEFORE))).encode());

    SettlementCertificate terms = Registry.settlement(new PartyId("pile-1"), new PartyId("alice"));
    assertKnown(known, "m", terms.encode());
    SignerSet signers = SignerSet.certified(certificates);
    assertKnown(known, "L", signers.hash());
    for (SignerSet.Signer signer : signers.signers()) {
      assertKnown(known, signer.party() + ".iota", signers.coefficient(signer).encode());
    }
    MultiSignature scheme = new MultiSignature(pairing);
    PartialSignature first = scheme.start(signers, terms.encode(), keys.get(0));
    assertKnown(known, "S1", first.point().encode());
    PartialSignature both = scheme.add(first, signers, terms.encode(), keys.get(1));
    assertKnown(known, "S2", both.point().encode());
    var settlement = new SignedSettlement(terms, certificates, both.point());
    assertKnown(known, "settlement", settlement.encode());
    assertEquals(
        Optional.empty(), settlement.verify(centre.parameters(), Optional.empty(), pairing));
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void paper(Pairing pairing) throws Exception {
    Properties known = known("paper.properties");
    ByteVector message = new ByteVector(value(known, "m"));
    List<Member> members = new ArrayList<>();
    List<Zq> secrets = new ArrayList<>();
    for (String name : List.of("U1", "U2", "U3")) {
      Zq secret = Zq.decode(new ByteVector32(value(known, name + ".x")));
      Member member = new Member(name, pairing.publicKey(secret));
      assertKnown(known, name + ".y", member.publicKey().encode());
      assertKnown(known, name + ".ID", Profile.PAPER.factor(member, List.of()).encode());
      members.add(member);
      secrets.add(secret);
    }
    assertKnown(known, "h", Profile.PAPER.hash(members, message, pairing).encode());
    G1Point signature = G1Point.IDENTITY;
    for (int i = 0; i < members.size(); i++) {
      signature =
          pairing.add(
              signature,
              Profile.PAPER.share(members, message, members.get(i), secrets.get(i), pairing));
      assertKnown(known, "S" + (i + 1), signature.encode());
    }
    assertTrue(Profile.PAPER.verify(members, message, signature, pairing));
  }

  private static Registration registration(
      KeyGenerationCentre centre, IdentityKey key, long serial) {
    boolean pile = key.party().value().startsWith("pile");
    PrivateKey node = new PrivateKey(Registry.digest("node " + key.party()));
    return new Registration(
        centre.parameters().id(),
        serial,
        key.party(),
        pile ? Role.PILE : Role.USER,
        1,
        key.publicKey(),
        node.publicKey(),
        pile ? Optional.of(node.publicKey()) : Optional.empty(),
        pile ? Optional.of(22_000L) : Optional.empty(),
        pile
            ? Optional.empty()
            : Optional.of(
                new EvmAccount(
                    new ByteVector("aa".repeat(20)), 1, new ByteVector("bb".repeat(20)))),
        NOT_BEFORE,
        NOT_AFTER);
  }

  private static void assertKnown(Properties known, String name, ByteVector actual) {
    assertEquals(value(known, name), actual.toHex(), name);
  }

  private static void assertKnown(Properties known, String name, ByteVector32 actual) {
    assertEquals(value(known, name), actual.toHex(), name);
  }

  private static String value(Properties known, String name) {
    return Objects.requireNonNull(known.getProperty(name), name);
  }

  private static Properties known(String file) throws IOException {
    Properties known = new Properties();
    try (InputStream in = KnownAnswersTest.class.getResourceAsStream(file)) {
      known.load(Objects.requireNonNull(in, file));
    }
    return known;
  }
}
