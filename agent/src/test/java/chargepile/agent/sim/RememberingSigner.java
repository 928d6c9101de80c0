package chargepile.agent.sim;

import chargepile.agent.crypto.Signer;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.ByteVector64;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A signer that computes a point once: the parties' keys are the same in every run, and these were
 * a third of a run's time. Signatures are made and checked each time.
 */
record RememberingSigner(
    Signer signer,
    Map<PrivateKey, PublicKey> keys,
    Map<Points, PublicKey> sums,
    Map<Scaled, PublicKey> products)
    implements Signer {
  /** Handshakes draw keys that never come again: then memory is bounded by starting anew. */
  private static final int MOST = 100_000;

  private record Points(PublicKey a, PublicKey b) {}

  private record Scaled(PublicKey point, ByteVector32 scalar) {}

  RememberingSigner(Signer signer) {
    this(signer, new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
  }

  private static <K> PublicKey once(
      Map<K, PublicKey> known, K of, Function<K, PublicKey> computed) {
    PublicKey there = known.get(of);
    if (there == null) {
      there = computed.apply(of);
      if (known.size() >= MOST) {
        known.clear();
      }
      known.put(of, there);
    }
    return there;
  }

  @Override
  public String name() {
    return signer.name();
  }

  @Override
  public boolean isValid(PublicKey key) {
    return signer.isValid(key);
  }

  @Override
  public PublicKey publicKey(PrivateKey key) {
    return once(keys, key, signer::publicKey);
  }

  @Override
  public ByteVector64 sign(ByteVector32 digest, PrivateKey key) {
    return signer.sign(digest, key);
  }

  @Override
  public boolean verify(ByteVector32 digest, ByteVector64 signature, PublicKey key) {
    return signer.verify(digest, signature, key);
  }

  @Override
  public Optional<PublicKey> recover(ByteVector32 digest, ByteVector64 signature, int recoveryId) {
    return signer.recover(digest, signature, recoveryId);
  }

  @Override
  public PublicKey add(PublicKey a, PublicKey b) {
    return once(sums, new Points(a, b), of -> signer.add(of.a, of.b));
  }

  @Override
  public PublicKey multiply(PublicKey point, ByteVector32 scalar) {
    return once(products, new Scaled(point, scalar), of -> signer.multiply(of.point, of.scalar));
  }

  @Override
  public PrivateKey add(PrivateKey a, PrivateKey b) {
    return signer.add(a, b);
  }

  @Override
  public PrivateKey multiply(PrivateKey key, ByteVector32 scalar) {
    return signer.multiply(key, scalar);
  }

  @Override
  public ByteVector32 ecdh(PrivateKey key, PublicKey point) {
    return signer.ecdh(key, point);
  }
}
