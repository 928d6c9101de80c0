package chargepile.agent.evm;

import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import org.bouncycastle.crypto.digests.KeccakDigest;

/** The EVM's hash: Keccak with the padding of before FIPS 202. */
final class Keccak256 {
  private Keccak256() {}

  static ByteVector32 of(byte[] input) {
    var digest = new KeccakDigest(256);
    digest.update(input, 0, input.length);
    byte[] hash = new byte[32];
    digest.doFinal(hash, 0);
    return new ByteVector32(hash);
  }

  static ByteVector32 of(ByteVector input) {
    return of(input.toByteArray());
  }
}
