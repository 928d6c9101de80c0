package chargepile.agent.evm;

import chargepile.agent.units.EvmAddress;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A node, and how it stands: one that gave no usable answer rests before it is asked again, each
 * time longer, so that it holds up nobody meanwhile. Thread-safe.
 */
final class StandingNode implements EvmNode {
  private static final int LONGEST_REST = 32;

  private final EvmNode node;
  private final Duration rest;
  private final Consumer<NodeAlert> alerts;
  private Optional<EvmException> trouble = Optional.empty();
  private long until;
  private int rests = 1;

  /**
   * @param rest the first one
   */
  StandingNode(EvmNode node, Duration rest, Consumer<NodeAlert> alerts) {
    this.node = node;
    this.rest = rest;
    this.alerts = alerts;
  }

  /** Gives it up for a while. */
  void lose(EvmException cause) {
    boolean first;
    synchronized (this) {
      first = trouble.isEmpty();
      trouble = Optional.of(cause);
      until = System.nanoTime() + rest.toNanos() * rests;
      rests = Math.min(LONGEST_REST, 2 * rests);
    }
    if (first) {
      alerts.accept(new NodeAlert.Lost(toString(), String.valueOf(cause.getMessage())));
    }
  }

  /**
   * Asks what every node can answer: one that refuses, because it is asked too often or has thrown
   * the state away, is of no more use than one that is away.
   */
  private <T> T demand(Supplier<T> question) {
    try {
      return ask(question);
    } catch (RefusedByNodeException e) {
      lose(e);
      throw new UnreachableNodeException(String.valueOf(e.getMessage()), e);
    }
  }

  private <T> T ask(Supplier<T> question) {
    failIfResting();
    T answer;
    try {
      answer = question.get();
    } catch (RefusedByNodeException e) {
      throw e; // whether that is an answer, the question decides
    } catch (EvmException e) {
      lose(e);
      throw e;
    }
    answered();
    return answer;
  }

  private synchronized void failIfResting() {
    if (trouble.isPresent()) {
      boolean forGood = trouble.get() instanceof WrongEvmChainException;
      if (forGood || System.nanoTime() - until < 0) {
        throw new UnreachableNodeException(
            String.valueOf(trouble.get().getMessage()), trouble.get());
      }
    }
  }

  private void answered() {
    boolean back;
    synchronized (this) {
      back = trouble.isPresent();
      trouble = Optional.empty();
      rests = 1;
    }
    if (back) {
      alerts.accept(new NodeAlert.Back(toString()));
    }
  }

  @Override
  public long chainId() {
    return demand(node::chainId);
  }

  @Override
  public Optional<EvmBlock> block(BlockRef which) {
    return demand(() -> node.block(which));
  }

  @Override
  public FeeHistory feeHistory(int blocks) {
    return demand(() -> node.feeHistory(blocks));
  }

  @Override
  public long nonce(EvmAddress account, BlockRef at) {
    return demand(() -> node.nonce(account, at));
  }

  @Override
  public Wei balance(EvmAddress account, BlockRef at) {
    return demand(() -> node.balance(account, at));
  }

  @Override
  public ByteVector code(EvmAddress contract, BlockRef at) {
    return demand(() -> node.code(contract, at));
  }

  @Override
  public long estimateGas(EvmCall call) {
    return ask(() -> node.estimateGas(call));
  }

  @Override
  public ByteVector call(EvmCall call, BlockRef at) {
    try {
      return ask(() -> node.call(call, at));
    } catch (RefusedByNodeException e) {
      if (e.isRevert()) {
        throw e;
      }
      lose(e);
      throw new UnreachableNodeException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public ByteVector32 send(ByteVector raw) {
    return ask(() -> node.send(raw));
  }

  @Override
  public boolean knows(ByteVector32 transaction) {
    return demand(() -> node.knows(transaction));
  }

  @Override
  public Optional<EvmReceipt> receipt(ByteVector32 transaction) {
    return demand(() -> node.receipt(transaction));
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, long first, long last) {
    return ask(() -> node.logs(filter, first, last));
  }

  @Override
  public List<EvmLog> logs(LogFilter filter, ByteVector32 block) {
    return ask(() -> node.logs(filter, block));
  }

  @Override
  public void close() {
    node.close();
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
