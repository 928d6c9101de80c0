package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import fr.acinq.secp256k1.Secp256k1;
import fr.acinq.secp256k1.Secp256k1Exception;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;

/** The native library of Bitcoin Core: constant-time and the fastest. */
public final class LibSecp256k1Signer implements Signer {
  /** Key 1 signs the SHA-256 of nothing. */
  private static final PrivateKey EXAMPLE_KEY = new PrivateKey(ByteVector32.One.reversed());

  private static final ByteVector32 EXAMPLE_DIGEST =
      new ByteVector32("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  private static final ByteVector64 EXAMPLE_SIGNATURE =
      new ByteVector64(
          "77c8d336572f6f466055b5f70f433851f8f535f6c4fc71133a6cfd71079d03b7"
              + "0ed9f5eb8aa5b266abac35d416c3207e7a538bf5f37649727d7a9823b1069577");

  private static final byte[] HALF_N =
      HexFormat.of().parseHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0");

  private final Secp256k1 library;

  private LibSecp256k1Signer(Secp256k1 library) {
    this.library = library;
  }

  /**
   * The signer, once the library is loaded and has signed a known example rightly.
   *
   * @throws UnsupportedOperationException when it can't be used on this machine; the message says
   *     why
   */
  public static LibSecp256k1Signer load() {
    return load(Secp256k1::get);
  }

  static LibSecp256k1Signer load(Supplier<Secp256k1> loader) {
    try {
      var signer = new LibSecp256k1Signer(loader.get());
      ByteVector64 signature = signer.sign(EXAMPLE_DIGEST, EXAMPLE_KEY);
      if (!signature.equals(EXAMPLE_SIGNATURE)) {
        throw new UnsupportedOperationException(
            "libsecp256k1 fails its self-test: it signed the known example as " + signature);
      }
      return signer;
    } catch (LinkageError | IllegalStateException | IllegalArgumentException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new UnsupportedOperationException("libsecp256k1 does not load: " + reason, e);
    }
  }

  @Override
  public String name() {
    return "libsecp256k1";
  }

  @Override
  public boolean isValid(PublicKey key) {
    try {
      // Hybrid and uncompressed forms have other lengths, so 33 bytes parse as compressed only.
      return library.pubkeyParse(key.value.toByteArray()).length > 0;
    } catch (Secp256k1Exception e) {
      return false;
    }
  }

  @Override
  public PublicKey publicKey(PrivateKey key) {
    return point(() -> library.pubkeyCreate(key.value.toByteArray()), "the private key");
  }

  @Override
  public ByteVector64 sign(ByteVector32 digest, PrivateKey key) {
    return new ByteVector64(
        checked(
            () -> library.sign(digest.toByteArray(), key.value.toByteArray()), "the private key"));
  }

  @Override
  public boolean verify(ByteVector32 digest, ByteVector64 signature, PublicKey key) {
    try {
      return library.verify(signature.toByteArray(), digest.toByteArray(), key.value.toByteArray());
    } catch (Secp256k1Exception e) {
      return false;
    }
  }

  @Override
  public Optional<PublicKey> recover(ByteVector32 digest, ByteVector64 signature, int recoveryId) {
    if (!isLow(signature)) {
      return Optional.empty(); // the library takes it
    }
    try {
      byte[] key = library.ecdsaRecover(signature.toByteArray(), digest.toByteArray(), recoveryId);
      return Optional.of(new PublicKey(library.pubKeyCompress(key)));
    } catch (Secp256k1Exception e) {
      return Optional.empty();
    }
  }

  private static boolean isLow(ByteVector64 signature) {
    return Arrays.compareUnsigned(signature.toByteArray(), 32, 64, HALF_N, 0, 32) <= 0;
  }

  @Override
  public PublicKey add(PublicKey a, PublicKey b) {
    return point(
        () -> library.pubKeyCombine(new byte[][] {a.value.toByteArray(), b.value.toByteArray()}),
        "a point, or their sum");
  }

  @Override
  public PublicKey multiply(PublicKey point, ByteVector32 scalar) {
    return point(
        () -> library.pubKeyTweakMul(point.value.toByteArray(), scalar.toByteArray()),
        "the point or the scalar");
  }

  @Override
  public PrivateKey add(PrivateKey a, PrivateKey b) {
    requireValid(b);
    return new PrivateKey(
        checked(
            () -> library.privKeyTweakAdd(a.value.toByteArray(), b.value.toByteArray()),
            "a private key, or their sum"));
  }

  @Override
  public PrivateKey multiply(PrivateKey key, ByteVector32 scalar) {
    return new PrivateKey(
        checked(
            () -> library.privKeyTweakMul(key.value.toByteArray(), scalar.toByteArray()),
            "the private key or the scalar"));
  }

  @Override
  public ByteVector32 ecdh(PrivateKey key, PublicKey point) {
    return new ByteVector32(
        checked(
            () -> library.ecdh(key.value.toByteArray(), point.value.toByteArray()),
            "the private key or the point"));
  }

  /** The library takes 0 as a tweak, which is no key. */
  private void requireValid(PrivateKey key) {
    if (!library.secKeyVerify(key.value.toByteArray())) {
      throw new IllegalArgumentException("a private key is outside 1 to n-1");
    }
  }

  private PublicKey point(Supplier<byte[]> operation, String operands) {
    return new PublicKey(library.pubKeyCompress(checked(operation, operands)));
  }

  private static byte[] checked(Supplier<byte[]> operation, String operands) {
    try {
      return operation.get();
    } catch (Secp256k1Exception e) {
      throw new IllegalArgumentException(
          operands + " is not valid on secp256k1 (libsecp256k1: " + e.getMessage() + ")", e);
    }
  }
}
