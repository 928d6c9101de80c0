package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.EvmSignature;
import chargepile.agent.crypto.IdentityShare;
import chargepile.agent.crypto.NodeKey;
import chargepile.agent.crypto.Signer;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Only who has the keys can ask for them to be certified, and only the asker gets the reply. */
final class RegistrationRequestTest {
  private static final Pairing PAIRING = Pairing.best();
  private static final Signer SIGNER = Signer.best();
  private static final ByteVector32 SEED = new ByteVector32("11".repeat(32));
  private static final Zq SHARE = IdentityShare.derive(SEED);
  private static final KeyGenerationCentre KGC = centre("kgc", "77");
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final RegistrationRequest REQUEST = request(subject(Role.USER, 0));

  private static KeyGenerationCentre centre(String name, String octet) {
    MasterKey master = MasterKey.generate(new ByteVector(octet.repeat(48)).toByteArray());
    return new KeyGenerationCentre(new PartyId(name), master, PAIRING);
  }

  private static RegistrationRequest.Subject subject(Role role, long watts) {
    PublicKey node = SIGNER.publicKey(NodeKey.derive(SEED));
    return new RegistrationRequest.Subject(
        KGC.parameters().id(),
        new PartyId("alice"),
        role,
        node,
        watts == 0 ? Optional.empty() : Optional.of(node),
        watts == 0 ? Optional.empty() : Optional.of(watts),
        Optional.empty());
  }

  private static RegistrationRequest request(RegistrationRequest.Subject subject) {
    return RegistrationRequest.of(subject, NodeKey.derive(SEED), SHARE, SIGNER, PAIRING);
  }

  private static final RegistrationReply REPLY = reply();

  private static RegistrationReply reply() {
    IssuedKey key = KGC.issue(REQUEST.subject(), Zq.of(5), REQUEST.share(), REQUEST.possession());
    Certificate certificate =
        KGC.certify(
            new Registration(
                KGC.parameters().id(),
                1,
                REQUEST.subject().party(),
                Role.USER,
                1,
                key.publicKey(),
                REQUEST.subject().nodeKey(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NOW,
                NOW.plusSeconds(1)));
    return RegistrationReply.of(
        certificate, key, NodeKey.derive(new ByteVector32("22".repeat(32))), SIGNER);
  }

  private static Optional<String> objection(RegistrationRequest request) {
    return request.objection(KGC.parameters(), SIGNER, PAIRING);
  }

  private static void assertObjection(String why, RegistrationRequest request) {
    assertTrue(
        objection(request).orElse("none").contains(why), () -> objection(request).toString());
  }

  @Test
  void nothingSpeaksAgainstWhatADeviceAsksForItself() {
    assertEquals(Optional.empty(), objection(REQUEST));
    assertEquals(Optional.empty(), objection(request(subject(Role.PILE, 22_000))));
  }

  @Test
  void aRequestIsReadAsItWasWritten() {
    for (RegistrationRequest each :
        new RegistrationRequest[] {REQUEST, request(subject(Role.PILE, 22_000))}) {
      assertEquals(each, RegistrationRequest.decode(each.encode(), PAIRING));
    }
  }

  @Test
  void theSameDeviceAsksWithTheSameBytes() {
    assertEquals(REQUEST.encode(), request(subject(Role.USER, 0)).encode());
    assertTrue(REQUEST.fingerprint().matches("([0-9a-f]{4}-){3}[0-9a-f]{4}"), REQUEST::fingerprint);
  }

  @Test
  void anotherCentreRefuses() {
    Optional<String> why = REQUEST.objection(centre("other", "66").parameters(), SIGNER, PAIRING);
    assertTrue(why.orElseThrow().contains("the request is for the key generation centre"));
  }

  @Test
  void aRoleHasWhatBelongsToIt() {
    assertObjection("one is missing", request(subject(Role.PILE, 0)));
    assertObjection("has no meter key and no rated power", request(subject(Role.USER, 22_000)));
  }

  @Test
  void anothersShareIsNotProven() {
    Zq others = Zq.of(99);
    RegistrationRequest own = REQUEST;
    var forged =
        new RegistrationRequest(
            own.subject(),
            PAIRING.publicKey(others),
            own.possession(),
            Optional.empty(),
            own.signature());
    assertObjection("not signed with the node key", forged);
  }

  /** Whoever saw a request can sign the same with a node key of its own, but not prove it. */
  @Test
  void aProofDoesNotHoldInAnothersRequest() {
    PrivateKey thief = NodeKey.derive(new ByteVector32("77".repeat(32)));
    RegistrationRequest.Subject own = REQUEST.subject();
    for (RegistrationRequest.Subject each :
        List.of(
            named(own.kgc(), own.role(), SIGNER.publicKey(thief)),
            named(own.kgc(), Role.AGENCY, own.nodeKey()),
            named(new ByteVector32("ab".repeat(32)), own.role(), own.nodeKey()))) {
      assertFalse(REQUEST.possession().verify(each, REQUEST.share(), PAIRING), each::toString);
    }
    RegistrationRequest.Subject stolen = named(own.kgc(), own.role(), SIGNER.publicKey(thief));
    RegistrationRequest copied =
        RegistrationRequest.signed(
            stolen, REQUEST.share(), REQUEST.possession(), Optional.empty(), thief, SIGNER);
    assertObjection("does not prove that its sender has the secret", copied);
    assertThrows(
        IllegalArgumentException.class,
        () -> KGC.issue(stolen, Zq.of(5), copied.share(), copied.possession()));
  }

  private static RegistrationRequest.Subject named(ByteVector32 kgc, Role role, PublicKey node) {
    return new RegistrationRequest.Subject(
        kgc,
        REQUEST.subject().party(),
        role,
        node,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static final PrivateKey ACCOUNT = new PrivateKey(new ByteVector32("33".repeat(32)));

  /** Alice with the account of ACCOUNT, in a registry contract on chain 1. */
  private static RegistrationRequest.Subject withAccount(ByteVector registry) {
    RegistrationRequest.Subject own = subject(Role.PILE, 22_000);
    ByteVector address = EvmSignature.address(ACCOUNT.publicKey()).value();
    return new RegistrationRequest.Subject(
        own.kgc(),
        own.party(),
        own.role(),
        own.nodeKey(),
        own.meterKey(),
        own.ratedPowerWatts(),
        Optional.of(new EvmAccount(address, 1, registry)));
  }

  private static final RegistrationRequest.Subject WITH_ACCOUNT =
      withAccount(new ByteVector("ee".repeat(20)));

  @Test
  void anEvmAccountIsNamedWithTheProofOfItsKey() {
    RegistrationRequest request =
        RegistrationRequest.of(
            WITH_ACCOUNT, NodeKey.derive(SEED), SHARE, Optional.of(ACCOUNT), SIGNER, PAIRING);
    assertEquals(Optional.empty(), objection(request));
    assertEquals(request, RegistrationRequest.decode(request.encode(), PAIRING));
  }

  @Test
  void anEvmAccountIsNotNamedWithoutAProof() {
    assertThrows(IllegalArgumentException.class, () -> request(WITH_ACCOUNT));
    PrivateKey another = NodeKey.derive(SEED);
    assertThrows(
        IllegalArgumentException.class, () -> AccountProof.prove(WITH_ACCOUNT, another, SIGNER));
  }

  @Test
  void aProofForAnotherContractProvesNothing() {
    var elsewhere =
        AccountProof.prove(withAccount(new ByteVector("dd".repeat(20))), ACCOUNT, SIGNER);
    G2Point share = PAIRING.publicKey(SHARE);
    assertObjection(
        "the key of the EVM account",
        RegistrationRequest.signed(
            WITH_ACCOUNT,
            share,
            ProofOfPossession.prove(WITH_ACCOUNT, SHARE, PAIRING),
            Optional.of(elsewhere),
            NodeKey.derive(SEED),
            SIGNER));
  }

  @Property(tries = 300)
  void aChangedBitIsNoticed(@ForAll @IntRange(max = 2_000) int at) {
    byte[] bytes = REQUEST.encode().toByteArray();
    int bit = at % (bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    Optional<String> why;
    try {
      why = objection(RegistrationRequest.decode(new ByteVector(bytes), PAIRING));
    } catch (MalformedIdentityException e) {
      why = Optional.ofNullable(e.getMessage());
    }
    assertTrue(why.isPresent(), () -> "bit " + bit);
  }

  @Property(tries = 300)
  void anyBytesAreAnsweredWithAReason(@ForAll byte[] bytes) {
    try {
      RegistrationRequest.decode(new ByteVector(bytes), PAIRING);
    } catch (MalformedIdentityException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 10);
    }
    try {
      RegistrationReply.decode(new ByteVector(bytes), PAIRING);
    } catch (MalformedIdentityException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 10);
    }
  }

  @Test
  void theReplyMakesTheKeyWhole() {
    RegistrationReply reply = RegistrationReply.decode(REPLY.encode(), PAIRING);
    IdentityKey key = reply.open(NodeKey.derive(SEED), SHARE, SIGNER, PAIRING).orElseThrow();
    assertEquals(reply.certificate().publicKey(), PAIRING.publicKey(key.secret()));
  }

  /** Whoever has the reply and even the node key lacks the device's share (P1-09b). */
  @Test
  void withoutTheOwnShareThereIsNoKey() {
    IllegalArgumentException thrown =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalArgumentException.class,
            () -> REPLY.open(NodeKey.derive(SEED), Zq.of(7), SIGNER, PAIRING));
    assertTrue(String.valueOf(thrown.getMessage()).contains("alice"));
  }

  @Property(tries = 200)
  void aChangedReplyIsNoticed(@ForAll @IntRange(max = 10_000) int at) {
    byte[] bytes = REPLY.encode().toByteArray();
    int bit = at % (bytes.length * 8);
    bytes[bit / 8] ^= (byte) (1 << bit % 8);
    Optional<IdentityKey> key = Optional.empty();
    boolean valid = false;
    try {
      RegistrationReply read = RegistrationReply.decode(new ByteVector(bytes), PAIRING);
      valid =
          new CertificateCheck(KGC.parameters(), Optional.empty(), PAIRING)
              .verify(read.certificate(), NOW)
              .isEmpty();
      key = read.open(NodeKey.derive(SEED), SHARE, SIGNER, PAIRING);
    } catch (IllegalArgumentException e) {
      assertTrue(String.valueOf(e.getMessage()).length() > 10);
    }
    assertTrue(!valid || key.isEmpty(), () -> "bit " + bit);
  }
}
