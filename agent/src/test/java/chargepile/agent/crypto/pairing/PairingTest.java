package chargepile.agent.crypto.pairing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.bls.BLS12_381G1;
import org.bouncycastle.crypto.bls.BLS12_381Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import supranational.blst.P1_Affine;

class PairingTest {
  private static final String RFC_DOMAIN = "QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_";
  private static final String DOMAIN = "CHARGEPILE-TEST";

  private static final Pairing NATIVE = BlstPairing.load();
  private static final Pairing JAVA = new BouncyCastlePairing();

  static Stream<Pairing> pairings() {
    return Stream.of(NATIVE, JAVA);
  }

  @Test
  void blstIsPreferredWhereItLoads() {
    assertEquals("blst", Pairing.best().name());
    assertEquals("Bouncy Castle", JAVA.name());
  }

  @Test
  void saysWhyBlstCannotBeUsed() {
    var absent =
        assertThrows(
            UnsupportedOperationException.class,
            () ->
                BlstPairing.load(
                    () -> {
                      throw new UnsatisfiedLinkError("no blst in java.library.path");
                    }));
    assertTrue(absent.toString().contains("no blst in java.library.path"));
  }

  /** RFC 9380, appendix J.9.1: every message of the suite, with the point's x and y. */
  @ParameterizedTest
  @MethodSource("pairings")
  void hashesTheVectorsOfRfc9380(Pairing pairing) {
    assertHash(
        pairing,
        "",
        "052926add2207b76ca4fa57a8734416c8dc95e24501772c814278700eed6d1e4"
            + "e8cf62d9c09db0fac349612b759e79a1",
        "08ba738453bfed09cb546dbb0783dbb3a5f1f566ed67bb6be0e8c67e2e81a4cc"
            + "68ee29813bb7994998f3eae0c9c6a265");
    assertHash(
        pairing,
        "abc",
        "03567bc5ef9c690c2ab2ecdf6a96ef1c139cc0b2f284dca0a9a7943388a49a3a"
            + "ee664ba5379a7655d3c68900be2f6903",
        "0b9c15f3fe6e5cf4211f346271d7b01c8f3b28be689c8429c85b67af21553331"
            + "1f0b8dfaaa154fa6b88176c229f2885d");
    assertHash(
        pairing,
        "abcdef0123456789",
        "11e0b079dea29a68f0383ee94fed1b940995272407e3bb916bbf268c263ddd57"
            + "a6a27200a784cbc248e84f357ce82d98",
        "03a87ae2caf14e8ee52e51fa2ed8eefe80f02457004ba4d486d6aa1f517c0889"
            + "501dc7413753f9599b099ebcbbd2d709");
    assertHash(
        pairing,
        "q128_" + "q".repeat(128),
        "15f68eaa693b95ccb85215dc65fa81038d69629f70aeee0d0f677cf22285e7bf"
            + "58d7cb86eefe8f2e9bc3f8cb84fac488",
        "1807a1d50c29f430b8cafc4f8638dfeeadf51211e1602a5f184443076715f91b"
            + "b90a48ba1e370edce6ae1062f5e6dd38");
    assertHash(
        pairing,
        "a512_" + "a".repeat(512),
        "082aabae8b7dedb0e78aeb619ad3bfd9277a2f77ba7fad20ef6aabdc6c31d19b"
            + "a5a6d12283553294c1825c4b3ca2dcfe",
        "05b84ae5a942248eea39e1d91030458c40153f3b654ab7872d779ad1e942856a"
            + "20c438e8d99bc8abfbf74729ce1f7ac8");
  }

  /** The standard's generator of G2, and twice and seven times it. */
  @ParameterizedTest
  @MethodSource("pairings")
  void knowsTheKeysOfSmallSecrets(Pairing pairing) {
    String generator =
        "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049"
            + "334cf11213945d57e5ac7d055d042b7e024aa2b2f08f0a91260805272dc51051"
            + "c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8";
    assertEquals(generator, pairing.generator().toString());
    assertEquals(generator, pairing.publicKey(Zq.ONE).toString());
    assertEquals(
        "aa4edef9c1ed7f729f520e47730a124fd70662a904ba1074728114d1031e1572"
            + "c6c886f6b57ec72a6178288c47c335771638533957d540a9d2370f17cc7ed586"
            + "3bc0b995b8825e0ee1ea1e1e4d00dbae81f14b0bf3611b78c952aacab827a053",
        pairing.publicKey(Zq.of(2)).toString());
    assertEquals(
        "8d0273f6bf31ed37c3b8d68083ec3d8e20b5f2cc170fa24b9b5be35b34ed013f"
            + "9a921f1cad1644d4bdb14674247234c8049cd1dbb2d2c3581e54c088135fef36"
            + "505a6823d61b859437bfc79b617030dc8b40e32bad1fa85b9c0f368af6d38d3c",
        pairing.publicKey(Zq.of(7)).toString());
  }

  @Property(tries = 8)
  void bothGiveTheSameBytes(
      @ForAll @Size(48) byte[] first, @ForAll @Size(48) byte[] second, @ForAll byte[] bytes) {
    Zq a = Zq.reduce(first);
    Zq b = Zq.reduce(second);
    ByteVector message = new ByteVector(bytes);
    G1Point h = assertSame(pairing -> pairing.hashToG1(message, DOMAIN));
    G1Point ah = assertSame(pairing -> pairing.multiply(h, a));
    assertEquals(ah, assertSame(pairing -> pairing.multiplySecret(h, a)));
    assertSame(pairing -> pairing.add(h, ah));
    G2Point key = assertSame(pairing -> pairing.publicKey(a));
    G2Point times = assertSame(pairing -> pairing.multiply(key, b));
    assertSame(pairing -> pairing.sum(List.of(key, times, key)));
    if (!a.isZero()) {
      assertEquals(ah, assertSame(pairing -> pairing.decodeG1(ah.encode())));
      assertEquals(key, assertSame(pairing -> pairing.decodeG2(key.encode())));
    }
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void theEncodingIsThatOfTheLibraries(Pairing pairing) {
    for (int i = 1; i <= 4; i++) {
      ByteVector message = new ByteVector(new byte[i]);
      ByteVector encoded = pairing.hashToG1(message, DOMAIN).encode();
      byte[] bytes = encoded.toByteArray();
      assertEquals(encoded, new ByteVector(new P1_Affine(bytes).compress()));
      assertEquals(
          encoded,
          new ByteVector(
              BLS12_381Serialization.compressG1(
                  BLS12_381Serialization.decompressG1(bytes, BLS12_381G1.createCurve()))));
    }
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void aSignatureHoldsForItsKeyAndMessageOnly(Pairing pairing) {
    Zq secret = Zq.of(123_456_789);
    G1Point h = pairing.hashToG1(new ByteVector("01"), DOMAIN);
    G1Point other = pairing.hashToG1(new ByteVector("01"), DOMAIN + "-2");
    G1Point signature = pairing.multiplySecret(h, secret);
    G2Point key = pairing.publicKey(secret);
    assertNotEquals(h, other);
    assertTrue(pairing.verify(signature, h, key));
    assertFalse(pairing.verify(signature, other, key));
    assertFalse(pairing.verify(signature, h, pairing.generator()));
    assertFalse(pairing.verify(pairing.multiply(signature, Zq.ONE.negated()), h, key));
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void theIdentityCountsAsZeroAndSignsNothing(Pairing pairing) {
    G1Point h = pairing.hashToG1(ByteVector.empty, DOMAIN);
    G2Point p = pairing.generator();
    Zq minusOne = Zq.ONE.negated();
    assertEquals(G1Point.IDENTITY, pairing.multiply(h, Zq.ZERO));
    assertEquals(G1Point.IDENTITY, pairing.multiplySecret(h, Zq.ZERO));
    assertEquals(G1Point.IDENTITY, pairing.add(h, pairing.multiply(h, minusOne)));
    assertEquals(G1Point.IDENTITY, pairing.multiply(G1Point.IDENTITY, minusOne));
    assertEquals(h, pairing.add(h, G1Point.IDENTITY));
    assertEquals(h, pairing.add(G1Point.IDENTITY, h));
    assertEquals(pairing.multiply(h, Zq.of(2)), pairing.add(h, h));
    assertEquals(G2Point.IDENTITY, pairing.publicKey(Zq.ZERO));
    assertEquals(G2Point.IDENTITY, pairing.sum(List.of()));
    assertEquals(G2Point.IDENTITY, pairing.sum(List.of(p, pairing.publicKey(minusOne))));
    assertEquals(pairing.publicKey(Zq.of(2)), pairing.sum(List.of(p, p)));
    assertEquals(p, pairing.sum(List.of(G2Point.IDENTITY, p)));
    assertFalse(pairing.verify(G1Point.IDENTITY, h, G2Point.IDENTITY));
    assertFalse(pairing.verify(G1Point.IDENTITY, h, p));
    assertFalse(pairing.verify(h, h, G2Point.IDENTITY));
    assertFalse(pairing.verify(h, G1Point.IDENTITY, p));
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void refusesWhatIsNoPointOfG1(Pairing pairing) {
    String zeros = "00".repeat(47);
    assertMalformed(
        "48 bytes, not 47", () -> pairing.decodeG1(new ByteVector("80" + "00".repeat(46))));
    assertMalformed("48 bytes, not 96", () -> pairing.decodeG1(new ByteVector(new byte[96])));
    assertMalformed("not in compressed form", () -> pairing.decodeG1(new ByteVector("00" + zeros)));
    assertMalformed("identity point", () -> pairing.decodeG1(G1Point.IDENTITY.encode()));
    assertMalformed("identity point", () -> pairing.decodeG1(new ByteVector("e0" + zeros)));
    assertMalformed("not reduced", () -> pairing.decodeG1(new ByteVector("9f" + "ff".repeat(47))));
    assertMalformed(
        "not reduced",
        () -> {
          byte[] modulus = new byte[48];
          FieldElement.put(FieldElement.MODULUS, modulus, 0);
          modulus[0] |= (byte) 0x80;
          pairing.decodeG1(new ByteVector(modulus));
        });
    assertMalformed(
        "not on the curve", () -> pairing.decodeG1(new ByteVector("80" + "00".repeat(46) + "01")));
    // (0, 2) is on the curve and has order 3.
    assertMalformed("outside the group", () -> pairing.decodeG1(new ByteVector("80" + zeros)));
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void refusesWhatIsNoPointOfG2(Pairing pairing) {
    String zeros = "00".repeat(95);
    assertMalformed("96 bytes, not 48", () -> pairing.decodeG2(new ByteVector(new byte[48])));
    assertMalformed("not in compressed form", () -> pairing.decodeG2(new ByteVector("00" + zeros)));
    assertMalformed("identity point", () -> pairing.decodeG2(G2Point.IDENTITY.encode()));
    assertMalformed(
        "not reduced",
        () -> pairing.decodeG2(new ByteVector("80" + "00".repeat(47) + "1f" + "ff".repeat(47))));
    assertMalformed(
        "not on the curve", () -> pairing.decodeG2(new ByteVector("80" + "00".repeat(94) + "01")));
    // x = 2 is a point of the curve; few of those lie in the group.
    assertMalformed(
        "outside the group", () -> pairing.decodeG2(new ByteVector("80" + "00".repeat(94) + "02")));
  }

  @ParameterizedTest
  @MethodSource("pairings")
  void refusesADomainTagThatLibrariesReadDifferently(Pairing pairing) {
    for (String domain : List.of("", "a b", "\u00fcber", "a".repeat(256))) {
      assertThrows(
          IllegalArgumentException.class, () -> pairing.hashToG1(ByteVector.empty, domain));
    }
  }

  private static void assertHash(Pairing pairing, String message, String x, String y) {
    G1Point point =
        pairing.hashToG1(new ByteVector(message.getBytes(StandardCharsets.US_ASCII)), RFC_DOMAIN);
    assertEquals(x + y, new ByteVector(point.affine()).toHex());
  }

  private static <T> T assertSame(Function<Pairing, T> operation) {
    T result = operation.apply(NATIVE);
    assertEquals(result, operation.apply(JAVA));
    return result;
  }

  private static void assertMalformed(String why, Executable use) {
    String message = String.valueOf(assertThrows(MalformedPointException.class, use).getMessage());
    assertTrue(message.contains(why), message);
  }
}
