package chargepile.agent.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.pairing.BlstPairing;
import chargepile.agent.crypto.pairing.BouncyCastlePairing;
import chargepile.agent.crypto.pairing.G1Point;
import chargepile.agent.crypto.pairing.G2Point;
import chargepile.agent.crypto.pairing.Pairing;
import chargepile.agent.crypto.pairing.Zq;
import chargepile.agent.identity.Registry.Party;
import fr.acinq.bitcoin.ByteVector;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MultiSignatureTest {
  private static final Registry REGISTRY = new Registry("kgc", BlstPairing.load());
  private static final List<Party> PARTIES =
      IntStream.range(0, 9).mapToObj(i -> REGISTRY.party("party-" + i, Role.USER)).toList();
  private static final ByteVector MESSAGE = new ByteVector("cafe");

  private final MultiSignature scheme = new MultiSignature(REGISTRY.pairing);

  @Property(tries = 15)
  void anyOrderGivesTheSameSignature(
      @ForAll @IntRange(min = 1, max = 9) int number, @ForAll long seed) throws Exception {
    List<Party> some = PARTIES.subList(0, number);
    List<Party> shuffled = new ArrayList<>(some);
    Collections.shuffle(shuffled, new Random(seed));
    SignerSet signers = Registry.set(shuffled);
    PartialSignature signature = REGISTRY.sign(signers, MESSAGE, shuffled);
    assertEquals(REGISTRY.sign(Registry.set(some), MESSAGE, some), signature);
    assertTrue(signature.isComplete(signers));
    assertTrue(scheme.verify(signers, MESSAGE, signature.point()));
    assertEquals(48, signature.point().encode().size());
  }

  @Property(tries = 15)
  void isTheSignatureOfItsSetAndMessageOnly(
      @ForAll @IntRange(min = 2, max = 6) int number, @ForAll @IntRange(max = 5) int changed)
      throws Exception {
    List<Party> parties = PARTIES.subList(0, number);
    SignerSet signers = Registry.set(parties);
    G1Point signature = REGISTRY.sign(signers, MESSAGE, parties).point();
    assertFalse(scheme.verify(signers, MESSAGE.concat((byte) changed), signature));
    List<Party> fewer = new ArrayList<>(parties);
    fewer.remove(changed % number);
    assertFalse(scheme.verify(Registry.set(fewer), MESSAGE, signature), "stripped");
    List<Party> more = new ArrayList<>(parties);
    more.add(PARTIES.get(8));
    assertFalse(scheme.verify(Registry.set(more), MESSAGE, signature), "extended");
    List<Party> others = new ArrayList<>(fewer);
    others.add(PARTIES.get(8));
    assertFalse(scheme.verify(Registry.set(others), MESSAGE, signature), "substituted");
  }

  @Property(tries = 10)
  void aMultipleOfASignatureIsNone(@ForAll long factor) throws Exception {
    List<Party> parties = PARTIES.subList(0, 2);
    SignerSet signers = Registry.set(parties);
    G1Point signature = REGISTRY.sign(signers, MESSAGE, parties).point();
    G1Point multiple = REGISTRY.pairing.multiply(signature, Zq.of(factor));
    assertEquals(factor == 1, scheme.verify(signers, MESSAGE, multiple));
  }

  @Test
  void nothingIsAddedToWhatDoesNotVerify() {
    List<Party> three = PARTIES.subList(0, 3);
    SignerSet signers = Registry.set(three);
    PartialSignature first = scheme.start(signers, MESSAGE, three.get(0).key());
    IdentityKey next = three.get(1).key();
    G1Point doubled = REGISTRY.pairing.multiply(first.point(), Zq.of(2));
    assertRefused(new PartialSignature(first.signed(), doubled), signers, MESSAGE, next);
    assertRefused(
        new PartialSignature(List.of(three.get(2).id()), first.point()), signers, MESSAGE, next);
    assertRefused(
        new PartialSignature(List.of(new PartyId("stranger")), first.point()),
        signers,
        MESSAGE,
        next);
    assertRefused(new PartialSignature(first.signed(), G1Point.IDENTITY), signers, MESSAGE, next);
    assertRefused(first, signers, new ByteVector("cafe00"), next);
    assertRefused(first, Registry.set(PARTIES.subList(0, 2)), MESSAGE, next);
  }

  @Test
  void onlyMembersSignAndEachOnce() {
    List<Party> two = PARTIES.subList(0, 2);
    SignerSet signers = Registry.set(two);
    PartialSignature first = scheme.start(signers, MESSAGE, two.getFirst().key());
    assertThrows(
        IllegalArgumentException.class,
        () -> scheme.add(first, signers, MESSAGE, two.getFirst().key()));
    IdentityKey stranger = PARTIES.getLast().key();
    assertThrows(IllegalArgumentException.class, () -> scheme.start(signers, MESSAGE, stranger));
    assertThrows(
        IllegalArgumentException.class, () -> scheme.add(first, signers, MESSAGE, stranger));
    IdentityKey reissued =
        REGISTRY.centre.issue(two.get(1).id(), Zq.of(5)).complete(REGISTRY.pairing);
    assertThrows(
        IllegalArgumentException.class, () -> scheme.add(first, signers, MESSAGE, reissued));
  }

  @Test
  void aPartialSignatureIsNotTheWhole() throws Exception {
    List<Party> three = PARTIES.subList(0, 3);
    SignerSet signers = Registry.set(three);
    PartialSignature two = REGISTRY.sign(signers, MESSAGE, three.subList(0, 2));
    assertTrue(scheme.verify(signers, MESSAGE, two));
    assertFalse(two.isComplete(signers));
    assertFalse(scheme.verify(signers, MESSAGE, two.point()));
  }

  @Test
  void aSetHasNobodyTwiceAndNobodyWithoutAKey() {
    G2Point key = PARTIES.getFirst().key().publicKey();
    G2Point other = PARTIES.get(1).key().publicKey();
    PartyId a = new PartyId("a");
    PartyId b = new PartyId("b");
    assertNoSet(List.of());
    assertNoSet(List.of(new SignerSet.Signer(a, key), new SignerSet.Signer(a, other)));
    assertNoSet(List.of(new SignerSet.Signer(a, key), new SignerSet.Signer(b, key)));
    assertNoSet(List.of(new SignerSet.Signer(a, G2Point.IDENTITY)));
    assertNotEquals(
        SignerSet.of(List.of(new SignerSet.Signer(a, key))).hash(),
        SignerSet.of(List.of(new SignerSet.Signer(b, key))).hash());
  }

  /** P1-15: two pairings, whatever the number of signers. */
  @Test
  void verificationIsOneEquationForAnyNumberOfSigners() throws Exception {
    AtomicInteger equations = new AtomicInteger();
    Pairing counting =
        (Pairing)
            Proxy.newProxyInstance(
                Pairing.class.getClassLoader(),
                new Class<?>[] {Pairing.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("verify")) {
                    equations.incrementAndGet();
                  }
                  return method.invoke(REGISTRY.pairing, arguments);
                });
    for (int number : new int[] {1, 2, 9}) {
      List<Party> parties = PARTIES.subList(0, number);
      SignerSet signers = Registry.set(parties);
      G1Point signature = REGISTRY.sign(signers, MESSAGE, parties).point();
      equations.set(0);
      assertTrue(new MultiSignature(counting).verify(signers, MESSAGE, signature));
      assertEquals(1, equations.get());
    }
  }

  @Test
  void bothBackEndsGiveTheSameBytes() throws Exception {
    Registry slow = new Registry("kgc", new BouncyCastlePairing());
    List<Party> two = List.of(slow.party("party-0", Role.USER), slow.party("party-1", Role.USER));
    List<Party> same = PARTIES.subList(0, 2);
    assertEquals(same.get(1).key(), two.get(1).key());
    assertEquals(same.get(1).certificate().encode(), two.get(1).certificate().encode());
    PartialSignature signature = slow.sign(Registry.set(two), MESSAGE, two);
    assertEquals(REGISTRY.sign(Registry.set(same), MESSAGE, same), signature);
    assertTrue(new MultiSignature(slow.pairing).verify(Registry.set(two), MESSAGE, signature));
  }

  private void assertRefused(
      PartialSignature received, SignerSet signers, ByteVector message, IdentityKey next) {
    var refused =
        assertThrows(
            InvalidSignatureException.class, () -> scheme.add(received, signers, message, next));
    assertTrue(String.valueOf(refused.getMessage()).contains("not signed"));
  }

  private static void assertNoSet(List<SignerSet.Signer> signers) {
    assertThrows(IllegalArgumentException.class, () -> SignerSet.of(signers));
  }
}
