package chargepile.agent.units;

/**
 * The height of a block in its chain; the genesis block has 0.
 *
 * @param value 0 or more
 */
public record BlockHeight(int value) implements Comparable<BlockHeight> {
  public BlockHeight {
    if (value < 0) {
      throw new IllegalArgumentException("block height below zero: " + value);
    }
  }

  /** Confirmations at {@code tip} of a transaction mined at this height: 1 in the tip itself. */
  public int depthAt(BlockHeight tip) {
    return tip.value - value + 1;
  }

  public BlockHeight plus(int blocks) {
    return new BlockHeight(Math.addExact(value, blocks));
  }

  @Override
  public int compareTo(BlockHeight other) {
    return Integer.compare(value, other.value);
  }
}
