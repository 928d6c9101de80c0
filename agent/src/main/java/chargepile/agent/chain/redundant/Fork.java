package chargepile.agent.chain.redundant;

import chargepile.agent.chain.ChainTip;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import java.util.Optional;

/**
 * Where two chains part.
 *
 * @param height the lowest at which their blocks differ
 * @param depth how many blocks the lower chain has from there on; 1 is what a race between two
 *     miners looks like
 */
record Fork(BlockHeight height, BlockHash first, BlockHash second, int depth) {
  /** The block of a chain at a height; empty above its tip. */
  interface Hashes {
    Optional<BlockHash> at(BlockHeight height);
  }

  /** A chain shrank while it was compared: the comparison is to be made again. */
  static final class MovedException extends Exception {
    private static final long serialVersionUID = 1;
  }

  /**
   * The fork of two chains; empty when one of them continues the other.
   *
   * @throws MovedException when a chain has no block where it had one
   */
  static Optional<Fork> between(
      ChainTip first, Hashes firstHashes, ChainTip second, Hashes secondHashes)
      throws MovedException {
    int common = Math.min(first.height().value(), second.height().value());
    if (same(common, firstHashes, secondHashes)) {
      return Optional.empty();
    }
    // Forks are shallow, so the search steps back 1, 2, 4 … blocks before it halves what is left.
    int differ = common;
    int agree = common;
    for (int step = 1; agree == differ; step *= 2) {
      int height = Math.max(-1, common - step);
      if (height < 0 || same(height, firstHashes, secondHashes)) {
        agree = height;
      } else {
        differ = height;
        agree = height;
      }
    }
    while (differ - agree > 1) {
      int middle = agree + (differ - agree) / 2;
      if (same(middle, firstHashes, secondHashes)) {
        agree = middle;
      } else {
        differ = middle;
      }
    }
    BlockHeight height = new BlockHeight(differ);
    return Optional.of(
        new Fork(
            height, hash(firstHashes, height), hash(secondHashes, height), common - differ + 1));
  }

  private static boolean same(int height, Hashes first, Hashes second) throws MovedException {
    BlockHeight at = new BlockHeight(height);
    return hash(first, at).equals(hash(second, at));
  }

  private static BlockHash hash(Hashes hashes, BlockHeight height) throws MovedException {
    return hashes.at(height).orElseThrow(MovedException::new);
  }
}
