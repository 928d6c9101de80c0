package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.secp256k1.Secp256k1;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.function.Function;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SignerTest {
  private static final BigInteger N =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final ByteVector32 ORDER = bytes32(N);
  private static final ByteVector32 ONE = bytes32(BigInteger.ONE);
  private static final ByteVector32 MAX = new ByteVector32("ff".repeat(32));
  private static final PublicKey G =
      PublicKey.fromHex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");

  private static final Signer NATIVE = LibSecp256k1Signer.load();
  private static final Signer JAVA = new BouncyCastleSigner();

  static Stream<Signer> signers() {
    return Stream.of(NATIVE, JAVA);
  }

  @Test
  void libsecp256k1IsPreferredWhereItLoads() {
    assertEquals("libsecp256k1", Signer.best().name());
    assertEquals("Bouncy Castle", JAVA.name());
  }

  @Test
  void saysWhyLibsecp256k1CannotBeUsed() {
    var absent =
        assertThrows(
            UnsupportedOperationException.class,
            () ->
                LibSecp256k1Signer.load(
                    () -> {
                      throw new UnsatisfiedLinkError("no binary for riscv64");
                    }));
    assertTrue(absent.toString().contains("no binary for riscv64"));
    Secp256k1 wrong =
        (Secp256k1)
            Proxy.newProxyInstance(
                Secp256k1.class.getClassLoader(),
                new Class<?>[] {Secp256k1.class},
                (proxy, method, arguments) -> new byte[64]);
    var lying =
        assertThrows(
            UnsupportedOperationException.class, () -> LibSecp256k1Signer.load(() -> wrong));
    assertTrue(lying.toString().contains("self-test"));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void theKeyOneIsTheGenerator(Signer signer) {
    assertEquals(G, signer.publicKey(new PrivateKey(ONE)));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void signsTheKnownExampleOfRfc6979(Signer signer) {
    // The widely used secp256k1 example: key 1, message "Satoshi Nakamoto".
    ByteVector32 digest = new ByteVector("5361746f736869204e616b616d6f746f").sha256();
    ByteVector64 signature = signer.sign(digest, new PrivateKey(ONE));
    assertEquals(
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
            + "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5",
        signature.toHex());
    assertTrue(signer.verify(digest, signature, G));
  }

  @Property(tries = 100)
  void bothGiveTheSameBytes(
      @ForAll @Size(32) byte[] keyBytes,
      @ForAll @Size(32) byte[] digestBytes,
      @ForAll @Size(32) byte[] scalarBytes) {
    PrivateKey key = new PrivateKey(keyBytes);
    ByteVector32 scalar = new ByteVector32(scalarBytes);
    ByteVector32 digest = new ByteVector32(digestBytes);
    assertSame(signer -> signer.publicKey(key));
    assertSame(signer -> signer.sign(digest, key));
    assertSame(signer -> signer.add(key, new PrivateKey(scalar)));
    assertSame(signer -> signer.multiply(key, scalar));
    assertSame(signer -> signer.multiply(signer.publicKey(key), scalar));
    assertSame(
        signer -> signer.add(signer.publicKey(key), signer.publicKey(new PrivateKey(scalar))));
    assertSame(signer -> signer.ecdh(key, signer.publicKey(new PrivateKey(scalar))));
  }

  @Property(tries = 200)
  void bothJudgeEverySignatureAlike(
      @ForAll @Size(32) byte[] digestBytes, @ForAll @IntRange(max = 63) int at, @ForAll byte flip) {
    ByteVector32 digest = new ByteVector32(digestBytes);
    byte[] bytes = NATIVE.sign(digest, new PrivateKey(ONE)).toByteArray();
    bytes[at] ^= flip;
    ByteVector64 signature = new ByteVector64(bytes);
    assertEquals(flip == 0, NATIVE.verify(digest, signature, G));
    assertEquals(flip == 0, JAVA.verify(digest, signature, G));
  }

  @Property(tries = 200)
  void bothKnowTheSamePoints(@ForAll @Size(33) byte[] bytes, @ForAll @IntRange(max = 9) int head) {
    bytes[0] = (byte) head;
    assertSame(signer -> signer.isValid(new PublicKey(bytes)));
  }

  @TestFactory
  Stream<DynamicTest> agreeAtTheEdgesOfTheScalars() {
    ByteVector32 highest = bytes32(N.subtract(BigInteger.ONE));
    return Stream.of(ByteVector32.Zeroes, ONE, highest, ORDER, MAX)
        .map(
            scalar ->
                DynamicTest.dynamicTest(
                    scalar.toHex(),
                    () -> {
                      PrivateKey key = new PrivateKey(scalar);
                      assertSame(signer -> signer.publicKey(key));
                      assertSame(signer -> signer.sign(scalar, key));
                      assertSame(signer -> signer.sign(scalar, new PrivateKey(ONE)));
                      assertSame(signer -> signer.add(key, new PrivateKey(ONE)));
                      assertSame(signer -> signer.add(new PrivateKey(ONE), key));
                      assertSame(signer -> signer.multiply(key, scalar));
                      assertSame(signer -> signer.multiply(G, scalar));
                      assertSame(signer -> signer.ecdh(key, G));
                    }));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void rejectsTheHighTwinOfASignature(Signer signer) {
    byte[] compact = signer.sign(MAX, new PrivateKey(ONE)).toByteArray();
    BigInteger s = new BigInteger(1, compact, 32, 32);
    BigIntegers.asUnsignedByteArray(N.subtract(s), compact, 32, 32);
    assertFalse(signer.verify(MAX, new ByteVector64(compact), G));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void verifyNeverThrows(Signer signer) {
    PublicKey none = new PublicKey(new byte[33]);
    ByteVector64 garbage = new ByteVector64("ff".repeat(64));
    assertFalse(signer.verify(ONE, garbage, G));
    assertFalse(signer.verify(ONE, ByteVector64.Zeroes, G));
    assertFalse(signer.verify(ONE, signer.sign(ONE, new PrivateKey(ONE)), none));
    assertFalse(signer.isValid(none));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void refusesInfinityAndZero(Signer signer) {
    PrivateKey minusOne = new PrivateKey(bytes32(N.subtract(BigInteger.ONE)));
    PublicKey minusG = signer.publicKey(minusOne);
    assertThrows(IllegalArgumentException.class, () -> signer.add(G, minusG));
    assertThrows(IllegalArgumentException.class, () -> signer.add(new PrivateKey(ONE), minusOne));
    assertThrows(IllegalArgumentException.class, () -> signer.multiply(G, ByteVector32.Zeroes));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void ecdhIsThatOfBolt8(Signer signer) {
    // BOLT 8, initiator's act one: e = 0x12…, rs = 0x21… as private key.
    PrivateKey ephemeral = new PrivateKey(new ByteVector32("12".repeat(32)));
    PublicKey responder = signer.publicKey(new PrivateKey(new ByteVector32("21".repeat(32))));
    assertEquals(
        "1e2fb3c8fe8fb9f262f649f64d26ecf0f2c0a805a767cf02dc2d77a6ef1fdcc3",
        signer.ecdh(ephemeral, responder).toHex());
  }

  private static void assertSame(Function<Signer, Object> operation) {
    assertEquals(outcome(operation, NATIVE), outcome(operation, JAVA));
  }

  private static Object outcome(Function<Signer, Object> operation, Signer signer) {
    try {
      return operation.apply(signer) instanceof PrivateKey key
          ? HexFormat.of().formatHex(key.value.toByteArray())
          : operation.apply(signer);
    } catch (IllegalArgumentException e) {
      return "refused";
    }
  }

  private static ByteVector32 bytes32(BigInteger value) {
    return new ByteVector32(BigIntegers.asUnsignedByteArray(32, value));
  }
}
