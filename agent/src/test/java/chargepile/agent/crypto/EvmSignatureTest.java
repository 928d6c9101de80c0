package chargepile.agent.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvmSignatureTest {
  private static final BigInteger N =
      new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
  private static final ByteVector32 DIGEST = Keccak256.hash("a digest");
  private static final PrivateKey KEY = key(0xb0b);
  private static final Signer NATIVE = LibSecp256k1Signer.load();
  private static final Signer JAVA = new BouncyCastleSigner();

  static Stream<Signer> signers() {
    return Stream.of(NATIVE, JAVA);
  }

  @Test
  void theAddressIsTheEndOfTheHashOfThePoint() {
    assertEquals(
        EvmAddress.of("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"),
        EvmSignature.address(JAVA.publicKey(key(1))));
    assertEquals(
        EvmAddress.of("0x0376aac07ad725e01357b1725b5cec61ae10473c"),
        EvmSignature.address(JAVA.publicKey(KEY)));
  }

  @ParameterizedTest
  @MethodSource("signers")
  void itsSignerIsRecovered(Signer signer) {
    EvmSignature signature = EvmSignature.sign(signer, DIGEST, KEY);
    EvmAddress own = EvmSignature.address(signer.publicKey(KEY));
    assertEquals(Optional.of(own), signature.signer(signer, DIGEST));
    assertNotEquals(Optional.of(own), signature.signer(signer, Keccak256.hash("another")));
    EvmSignature other = new EvmSignature(signature.compact(), 27 + 28 - signature.v());
    assertNotEquals(Optional.of(own), other.signer(signer, DIGEST));
  }

  @Property(tries = 60)
  void bothSignersSignAndRecoverAlike(
      @ForAll @LongRange(min = 1) long secret, @ForAll @Size(32) byte[] digest) {
    ByteVector32 hash = new ByteVector32(digest);
    EvmSignature signature = EvmSignature.sign(NATIVE, hash, key(secret));
    assertEquals(signature, EvmSignature.sign(JAVA, hash, key(secret)));
    assertEquals(signature, EvmSignature.of(signature.bytes()));
    assertEquals(signature.signer(NATIVE, hash), signature.signer(JAVA, hash));
    EvmSignature other = new EvmSignature(signature.compact(), 27 + 28 - signature.v());
    assertEquals(other.signer(NATIVE, hash), other.signer(JAVA, hash));
  }

  @Property(tries = 100)
  void bothSignersRecoverAlikeFromNoise(
      @ForAll @Size(32) byte[] r, @ForAll @Size(32) byte[] s, @ForAll boolean odd) {
    byte[] noise = new byte[64];
    System.arraycopy(r, 0, noise, 0, 32);
    System.arraycopy(s, 0, noise, 32, 32);
    ByteVector64 compact = new ByteVector64(noise);
    assertEquals(
        NATIVE.recover(DIGEST, compact, odd ? 1 : 0), JAVA.recover(DIGEST, compact, odd ? 1 : 0));
  }

  @Test
  void aHighSIsNoSignature() {
    byte[] compact = EvmSignature.sign(JAVA, DIGEST, KEY).compact().toByteArray();
    BigInteger s = N.subtract(BigIntegers.fromUnsignedByteArray(compact, 32, 32));
    BigIntegers.asUnsignedByteArray(s, compact, 32, 32);
    ByteVector64 high = new ByteVector64(compact);
    assertThrows(IllegalArgumentException.class, () -> new EvmSignature(high, 27));
    for (int id = 0; id < 2; id++) {
      assertEquals(Optional.empty(), NATIVE.recover(DIGEST, high, id));
      assertEquals(Optional.empty(), JAVA.recover(DIGEST, high, id));
    }
  }

  @Test
  void anyOtherFormIsNoSignature() {
    ByteVector bytes = EvmSignature.sign(JAVA, DIGEST, KEY).bytes();
    for (int v : new int[] {0, 1, 26, 29, 31, 255}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> EvmSignature.of(bytes.slice(0, 64).concat((byte) v)));
    }
    assertThrows(IllegalArgumentException.class, () -> EvmSignature.of(bytes.slice(0, 64)));
    assertThrows(IllegalArgumentException.class, () -> EvmSignature.of(bytes.concat((byte) 0)));
    ByteVector32 zero = ByteVector32.Zeroes;
    ByteVector32 order = new ByteVector32(BigIntegers.asUnsignedByteArray(32, N));
    for (ByteVector32 wrong : new ByteVector32[] {zero, order}) {
      assertThrows(
          IllegalArgumentException.class, () -> EvmSignature.of(wrong.concat(bytes.slice(32, 65))));
      assertThrows(
          IllegalArgumentException.class,
          () -> EvmSignature.of(bytes.slice(0, 32).concat(wrong).concat((byte) 27)));
    }
  }

  private static PrivateKey key(long secret) {
    return new PrivateKey(new ByteVector32("%064x".formatted(secret)));
  }
}
