package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;

/**
 * The tree of per-commitment secrets (BOLT 3, "Per-commitment Secret Requirements"): any secret
 * yields those below it, so that 49 of them stand for all that were received.
 */
public final class Shachain {
  /** Bits of an index. */
  static final int BITS = 48;

  /** The index of commitment 0; indices fall as commitment numbers rise. */
  public static final long FIRST_INDEX = (1L << BITS) - 1;

  private Shachain() {}

  /** The index of a commitment's secret: 2^48 - 1 - {@code commitmentNumber}. */
  public static long index(long commitmentNumber) {
    return requireIndex(FIRST_INDEX - commitmentNumber);
  }

  /** The secret at {@code index} (0 to 2^48 - 1) of the tree that grows from {@code seed}. */
  public static ByteVector32 secret(ByteVector32 seed, long index) {
    return derive(seed, BITS, requireIndex(index));
  }

  /** The secret at {@code index} from one that stands for all indices with the same upper bits. */
  static ByteVector32 derive(ByteVector32 base, int bits, long index) {
    byte[] secret = base.toByteArray();
    for (int bit = bits - 1; bit >= 0; bit--) {
      if (((index >>> bit) & 1) == 1) {
        secret[bit / 8] ^= (byte) (1 << (bit % 8));
        secret = Crypto.sha256(secret);
      }
    }
    return new ByteVector32(secret);
  }

  static long requireIndex(long index) {
    if (index < 0 || index > FIRST_INDEX) {
      throw new IllegalArgumentException("shachain index outside 0 to 2^48-1: " + index);
    }
    return index;
  }
}
