package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Profile.Member;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The attacks on the scheme as printed (P1-16, P1-17): each succeeds on {@link Profile#PAPER} and
 * fails on {@link Profile#HARDENED}. The attacker computes with what is public and its own secrets.
 */
class AttackTest {
  private static final Pairing PAIRING = BlstPairing.load();
  private static final ByteVector MESSAGE =
      new ByteVector("22 kWh".getBytes(StandardCharsets.US_ASCII));
  private static final Zq MINUS_ONE = Zq.ONE.negated();

  private final Zq aliceSecret = Registry.scalar("alice");
  private final Zq pileSecret = Registry.scalar("pile");
  private final Member alice = member("alice", aliceSecret);
  private final Member pile = member("pile", pileSecret);
  private final List<Member> both = List.of(alice, pile);

  @ParameterizedTest
  @EnumSource
  void honestSignersAreVerified(Profile profile) {
    assertTrue(profile.verify(both, MESSAGE, signedByBoth(profile), PAIRING));
    assertFalse(profile.verify(both, new ByteVector("00"), signedByBoth(profile), PAIRING));
  }

  @ParameterizedTest
  @EnumSource
  void malleabilitySignsForAnotherIdentityOfTheSameKey(Profile profile) {
    Member mallory = new Member("mallory", alice.publicKey());
    G1Point honest = profile.share(List.of(alice), MESSAGE, alice, aliceSecret, PAIRING);
    Zq ratio =
        profile
            .factor(mallory, List.of(mallory))
            .times(profile.factor(alice, List.of(alice)).inverse());
    G1Point forged = PAIRING.multiply(honest, ratio);
    assertSucceedsOnPaper(profile, List.of(mallory), forged);
  }

  @ParameterizedTest
  @EnumSource
  void substitutionMakesASignatureThatOfAnotherKey(Profile profile) {
    G1Point honest = profile.share(List.of(alice), MESSAGE, alice, aliceSecret, PAIRING);
    // The factor of the other identity can only be guessed before its key is known: by alice's.
    Member guess = new Member("mallory", alice.publicKey());
    Zq ratio =
        profile
            .factor(alice, List.of(alice))
            .times(profile.factor(guess, List.of(guess)).inverse());
    Member mallory = new Member("mallory", PAIRING.multiply(alice.publicKey(), ratio));
    assertSucceedsOnPaper(profile, List.of(mallory), honest);
  }

  @ParameterizedTest
  @EnumSource
  void aRogueKeySignsForTheWholeSetAlone(Profile profile) {
    Zq beta = Registry.scalar("beta");
    Member guess = new Member("mallory", PAIRING.publicKey(beta));
    List<Member> guessed = List.of(alice, guess, pile);
    G2Point others =
        PAIRING.sum(
            List.of(
                PAIRING.multiply(alice.publicKey(), profile.factor(alice, guessed)),
                PAIRING.multiply(pile.publicKey(), profile.factor(pile, guessed))));
    G2Point rogue =
        PAIRING.multiply(
            PAIRING.sum(List.of(PAIRING.publicKey(beta), PAIRING.multiply(others, MINUS_ONE))),
            profile.factor(guess, guessed).inverse());
    List<Member> signers = List.of(alice, new Member("mallory", rogue), pile);
    G1Point forged = PAIRING.multiply(profile.hash(signers, MESSAGE, PAIRING), beta);
    assertSucceedsOnPaper(profile, signers, forged);
  }

  @ParameterizedTest
  @EnumSource
  void strippingLeavesASignatureOfTheOthers(Profile profile) {
    G1Point whole = signedByBoth(profile);
    G1Point own = profile.share(both, MESSAGE, pile, pileSecret, PAIRING);
    G1Point stripped = PAIRING.add(whole, PAIRING.multiply(own, MINUS_ONE));
    assertSucceedsOnPaper(profile, List.of(alice), stripped);
  }

  @ParameterizedTest
  @EnumSource
  void whatAnIntermediateSeesIsAlreadyASignatureOfThoseBefore(Profile profile) {
    G1Point first = profile.share(both, MESSAGE, alice, aliceSecret, PAIRING);
    assertSucceedsOnPaper(profile, List.of(alice), first);
  }

  /**
   * The number 0 is a legal ID on paper: its factor is 0, and nobody's signature is everybody's.
   */
  @Test
  void theIdentityOfZeroSignsAnythingOnPaper() {
    Member zero = new Member("", alice.publicKey());
    assertTrue(Profile.PAPER.factor(zero, List.of(zero)).isZero());
    assertTrue(Profile.PAPER.verify(List.of(zero), MESSAGE, G1Point.IDENTITY, PAIRING));
  }

  @Test
  void noIdentityHasTheFactorZeroHardened() {
    assertThrows(IllegalArgumentException.class, () -> new PartyId(""));
    assertFalse(Profile.HARDENED.verify(List.of(alice), MESSAGE, G1Point.IDENTITY, PAIRING));
    Member nobody = new Member("nobody", G2Point.IDENTITY);
    assertThrows(
        IllegalArgumentException.class,
        () -> Profile.HARDENED.verify(List.of(nobody), MESSAGE, G1Point.IDENTITY, PAIRING));
  }

  @Test
  void aRogueKeyIsNotEvenRegistered() {
    Registry registry = new Registry("kgc", PAIRING);
    PartyId mallory = new PartyId("mallory");
    Zq beta = Registry.scalar("beta");
    G2Point rogue =
        PAIRING.sum(
            List.of(PAIRING.publicKey(beta), PAIRING.multiply(alice.publicKey(), MINUS_ONE)));
    ProofOfPossession proof = ProofOfPossession.prove(registry.subject(mallory), beta, PAIRING);
    assertThrows(
        IllegalArgumentException.class,
        () -> registry.centre.issue(registry.subject(mallory), Zq.ONE, rogue, proof));
  }

  private G1Point signedByBoth(Profile profile) {
    return PAIRING.add(
        profile.share(both, MESSAGE, alice, aliceSecret, PAIRING),
        profile.share(both, MESSAGE, pile, pileSecret, PAIRING));
  }

  private static Member member(String id, Zq secret) {
    return new Member(id, PAIRING.publicKey(secret));
  }

  private static void assertSucceedsOnPaper(Profile profile, List<Member> signers, G1Point forged) {
    assertEquals(profile == Profile.PAPER, profile.verify(signers, MESSAGE, forged, PAIRING));
  }
}
