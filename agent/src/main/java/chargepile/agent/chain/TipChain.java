package chargepile.agent.chain;

import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.BlockHash;
import java.util.Optional;

/**
 * A chain that tells its blocks' hashes, by which it can be compared with another. As a string it
 * is what the operator knows it by, such as {@code the Bitcoin node at http://127.0.0.1:8332}.
 *
 * <p>{@link #tip} and {@link #hashAt} don't wait for a {@link #view} that searches the past.
 */
public interface TipChain extends Chain, AutoCloseable {
  /**
   * The best chain's last block.
   *
   * @throws WrongNetworkException when the chain begins with another block than it should
   * @throws ChainException when the chain can't be asked at the moment, or isn't to be believed
   */
  ChainTip tip();

  /**
   * The block of the best chain at a height; empty above its tip.
   *
   * @throws ChainException when the chain can't be asked at the moment
   */
  Optional<BlockHash> hashAt(BlockHeight height);

  /** Ends its threads and connections; from then on nobody is called. */
  @Override
  void close();
}
