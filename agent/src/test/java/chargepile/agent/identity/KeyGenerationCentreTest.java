package chargepile.agent.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Registry.Party;
import fr.acinq.bitcoin.ByteVector;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyGenerationCentreTest {
  private static final Pairing PAIRING = BlstPairing.load();
  private static final PartyId ALICE = new PartyId("alice");
  private static final ByteVector MESSAGE = new ByteVector("cafe");

  private final Registry registry = new Registry("kgc", PAIRING);
  private final KeyGenerationCentre centre = registry.centre;

  /** P1-08. */
  @Property(tries = 20)
  void thePublicKeyIsTheSecretTimesP(@ForAll @Size(48) byte[] entropy) {
    Zq tag = Zq.reduce(entropy).plus(Zq.ONE);
    IssuedKey issued = centre.issue(ALICE, tag);
    assertFalse(issued.share().isZero());
    assertEquals(PAIRING.multiply(PAIRING.generator(), issued.share()), issued.publicKey());
    assertEquals(issued.publicKey(), issued.complete(PAIRING).publicKey());
    assertEquals(issued, centre.issue(ALICE, tag), "the same tag gives the same key");
  }

  @Test
  void anotherTagNameOrCentreGivesAnotherKey() {
    Set<Zq> shares = new HashSet<>();
    shares.add(centre.issue(ALICE, Zq.of(1)).share());
    shares.add(centre.issue(ALICE, Zq.of(2)).share());
    shares.add(centre.issue(new PartyId("bob"), Zq.of(1)).share());
    shares.add(new Registry("other", PAIRING).centre.issue(ALICE, Zq.of(1)).share());
    assertEquals(4, shares.size());
    assertThrows(IllegalArgumentException.class, () -> centre.issue(ALICE, Zq.ZERO));
  }

  @Test
  void aReissueReplacesTheKeyAndTheOldCertificateIsRevoked() {
    Party old = registry.party("alice", Role.USER);
    IdentityKey key = centre.issue(ALICE, Zq.of(77)).complete(PAIRING);
    assertNotEquals(old.key().publicKey(), key.publicKey());
    Certificate renewed =
        centre.certify(registry.registration(key, Role.USER, old.node().publicKey()));
    RevocationList list =
        centre.revoke(
            1,
            Registry.NOW,
            List.of(new Revocation(old.certificate().registration().serial(), Registry.NOW)));
    var check = new CertificateCheck(registry.parameters, Optional.of(list), PAIRING);
    assertEquals(
        Optional.of(new CertificateRefusal.Revoked(Registry.NOW, 1)),
        check.verify(old.certificate(), Registry.NOW));
    assertEquals(Optional.empty(), check.verify(renewed, Registry.NOW));
  }

  /** P1-09b: what the centre knows is not the secret of the key. */
  @Test
  void withAShareOfItsOwnAPartySignsAndTheCentreCannot() throws Exception {
    Zq own = Registry.scalar("alice's own");
    ProofOfPossession proof = ProofOfPossession.prove(registry.subject(ALICE), own, PAIRING);
    IssuedKey issued =
        centre.issue(registry.subject(ALICE), Zq.of(5), PAIRING.publicKey(own), proof);
    IdentityKey key = issued.complete(own, PAIRING);
    Party pile = registry.party("pile", Role.PILE);
    Certificate certificate =
        centre.certify(registry.registration(key, Role.USER, pile.node().publicKey()));
    SignerSet signers = SignerSet.certified(List.of(certificate, pile.certificate()));
    MultiSignature scheme = new MultiSignature(PAIRING);
    PartialSignature signature =
        scheme.add(scheme.start(signers, MESSAGE, pile.key()), signers, MESSAGE, key);
    assertTrue(scheme.verify(signers, MESSAGE, signature.point()));

    assertThrows(IllegalArgumentException.class, () -> issued.complete(PAIRING));
    IdentityKey centres = new IdentityKey(ALICE, issued.tag(), issued.share(), issued.publicKey());
    assertFalse(scheme.verify(signers, MESSAGE, scheme.start(signers, MESSAGE, centres)));
  }

  @Test
  void aShareWithoutItsSecretIsNotTaken() {
    Zq own = Registry.scalar("alice's own");
    G2Point share = PAIRING.publicKey(own);
    ProofOfPossession proof = ProofOfPossession.prove(registry.subject(ALICE), own, PAIRING);
    var bob = registry.subject(new PartyId("bob"));
    assertThrows(
        IllegalArgumentException.class, () -> centre.issue(bob, Zq.ONE, share, proof), "replayed");
    G2Point twice = PAIRING.publicKey(own.times(Zq.of(2)));
    assertThrows(
        IllegalArgumentException.class,
        () -> centre.issue(registry.subject(ALICE), Zq.ONE, twice, proof));
  }

  /** A proof is no certificate, settlement or list, and they are no proofs: each has its tag. */
  @Test
  void aSignatureForOneUseIsNoneForAnother() {
    Party alice = registry.party("alice", Role.USER);
    Registration registration = alice.certificate().registration();
    Zq master = Registry.scalar("master kgc");
    for (String domain :
        List.of(Suite.POSSESSION, Suite.REVOCATION_LIST, Suite.SIGNATURE, Suite.COEFFICIENT)) {
      var other =
          new Certificate(
              registration,
              PAIRING.multiplySecret(PAIRING.hashToG1(registration.encode(), domain), master));
      assertEquals(
          Optional.of(new CertificateRefusal.BadSignature(ALICE)),
          new CertificateCheck(registry.parameters, Optional.empty(), PAIRING)
              .verify(other, Registry.NOW));
    }
  }

  @Test
  void anIssuedKeyThatWasChangedOnTheWayIsNotUsed() {
    IssuedKey issued = centre.issue(ALICE, Zq.of(5));
    IssuedKey changed =
        new IssuedKey(ALICE, issued.tag(), issued.share().plus(Zq.ONE), issued.publicKey());
    assertThrows(IllegalArgumentException.class, () -> changed.complete(PAIRING));
  }

  @Test
  void certifiesNothingInAnothersName() {
    Party foreign = new Registry("other", PAIRING).party("alice", Role.USER);
    assertThrows(
        IllegalArgumentException.class, () -> centre.certify(foreign.certificate().registration()));
  }

  @Test
  void aRevocationListIsSignedSortedAndWithoutDoubles() {
    Instant at = Registry.NOW;
    RevocationList list =
        centre.revoke(3, at, List.of(new Revocation(9, at), new Revocation(2, at)));
    assertEquals(List.of(2L, 9L), list.revocations().stream().map(Revocation::serial).toList());
    assertTrue(list.isSignedBy(registry.parameters, PAIRING));
    assertEquals(list, RevocationList.decode(list.encode(), PAIRING));
    var renumbered = new RevocationList(list.kgc(), 4, at, list.revocations(), list.signature());
    assertFalse(renumbered.isSignedBy(registry.parameters, PAIRING));
    assertFalse(list.isSignedBy(new Registry("other", PAIRING).parameters, PAIRING));
    assertThrows(
        IllegalArgumentException.class,
        () -> centre.revoke(4, at, List.of(new Revocation(2, at), new Revocation(2, at))));
  }

  @Test
  void secretsDoNotShowInText() {
    assertTrue(new MasterKey(Zq.of(12_345)).toString().contains("hidden"));
    assertFalse(centre.issue(ALICE, Zq.of(12_345)).toString().contains("12345"));
  }

  @Test
  void aMasterKeyIsNeverZero() {
    assertThrows(IllegalArgumentException.class, () -> MasterKey.generate(new byte[64]));
    MasterKey master = MasterKey.generate("0123456789abcdef".repeat(4).getBytes(US_ASCII));
    assertEquals(master, MasterKey.decode(master.encode()));
  }
}
