package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;

/**
 * A node of one EVM chain, or two that are held against each other ({@link RedundantNode}).
 *
 * <p>Every method throws {@link UnreachableNodeException} when there is no answer, {@link
 * RefusedByNodeException} when the node answers with an error, and {@link EvmException} when what
 * it answers is nonsense. Thread-safe.
 */
public interface EvmNode extends AutoCloseable {
  /** Of the configured chain (EIP-155); the node was found to serve it. */
  long chainId();

  /** Empty: the node has no such block, or does not know the tag yet. */
  Optional<EvmBlock> block(BlockRef which);

  /** Of the last {@code blocks} blocks; tips at the median. */
  FeeHistory feeHistory(int blocks);

  /** How many transactions of an account the chain has up to a block: the next nonce. */
  long nonce(EvmAddress account, BlockRef at);

  Wei balance(EvmAddress account, BlockRef at);

  /** The contract's code; empty where there is no contract. */
  ByteVector code(EvmAddress contract, BlockRef at);

  /** The gas that a call needs on top of the latest block. */
  long estimateGas(EvmCall call);

  /** What a call returns when it is tried in the state after a block. */
  ByteVector call(EvmCall call, BlockRef at);

  /**
   * Hands over a signed transaction. One that the node has already is taken as handed over.
   *
   * @return its hash
   */
  ByteVector32 send(ByteVector raw);

  /** Whether the node has the transaction, in its pool or in a block. */
  boolean knows(ByteVector32 transaction);

  /** Empty: it is in no block that the node follows. */
  Optional<EvmReceipt> receipt(ByteVector32 transaction);

  /** The logs from one block to another, both included, in the chain that the node follows now. */
  List<EvmLog> logs(LogFilter filter, long first, long last);

  /** The logs of one block, wherever it stands. */
  List<EvmLog> logs(LogFilter filter, ByteVector32 block);

  /**
   * Each node by itself: what one of them says is a hint, never a proof. It is asked where a wrong
   * answer does less harm than none.
   */
  default List<EvmNode> witnesses() {
    return List.of(this);
  }

  @Override
  void close();
}
