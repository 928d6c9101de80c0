package chargepile.agent.crypto;

import fr.acinq.bitcoin.ByteVector32;

/**
 * The seed of a channel's per-commitment secrets (BOLT 3). Neighbouring secrets share all but the
 * last steps of their derivation, so the branch of the latest one is kept: an update then takes a
 * few hashes instead of some fifty a secret. Thread-safe.
 */
public final class CommitmentSeed {
  /** A branch holds 2^8 secrets. */
  private static final int BRANCH_BITS = 8;

  private final ByteVector32 seed;
  private volatile Branch latest;

  /**
   * The secrets whose index has the same upper bits.
   *
   * @param base the secret at the index with those bits and zeros below
   */
  private record Branch(long upper, ByteVector32 base) {}

  public CommitmentSeed(ByteVector32 seed) {
    this.seed = seed;
    this.latest = branch(Shachain.index(0) >>> BRANCH_BITS);
  }

  ByteVector32 seed() {
    return seed;
  }

  /** The secret at {@code index}, 0 to 2^48 - 1. */
  ByteVector32 secret(long index) {
    long upper = Shachain.requireIndex(index) >>> BRANCH_BITS;
    Branch branch = latest;
    if (branch.upper != upper) {
      branch = branch(upper);
      latest = branch;
    }
    return Shachain.derive(branch.base, BRANCH_BITS, index);
  }

  private Branch branch(long upper) {
    return new Branch(upper, Shachain.secret(seed, upper << BRANCH_BITS));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CommitmentSeed that && seed.equals(that.seed);
  }

  @Override
  public int hashCode() {
    return seed.hashCode();
  }

  @Override
  public String toString() {
    return "CommitmentSeed[secret]";
  }
}
