package chargepile.agent.cli.run;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.WrongCredentialsException;
import chargepile.agent.chain.WrongNetworkException;
import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.BitcoinNode;
import chargepile.agent.cli.systemd.Systemd;
import chargepile.agent.runtime.WaitingPile;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.tinylog.Logger;

/**
 * The daemon's node at the start. One that is away keeps no pile from starting, unless it has never
 * been there; one that is the wrong one does.
 */
final class FirstContact {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private FirstContact() {}

  /** How a ledger is reached. */
  interface Attempt<T> {
    /**
     * Asks whether all is well.
     *
     * @throws ChainException when it does not answer as it should
     */
    T connect() throws IOException, CommandFailedException;

    /** Without asking, with what the last run kept; empty when there was none. */
    Optional<T> kept() throws IOException;
  }

  /**
   * A node that has answered, or the one of the last run.
   *
   * @param waiting says why there is no pile while the node is waited for
   * @throws ChainException when somebody has to correct the configuration
   */
  static BitcoinNode with(
      BitcoinNode.Access access, BitcoinNode.Own own, Supplier<WaitingPile> waiting)
      throws IOException, InterruptedException, CommandFailedException {
    return with(access, own, waiting, Systemd.of(Map.of(), 0));
  }

  /**
   * The same, and the service manager is told meanwhile.
   *
   * @throws ChainException when somebody has to correct the configuration
   */
  static BitcoinNode with(
      BitcoinNode.Access access,
      BitcoinNode.Own own,
      Supplier<WaitingPile> waiting,
      Systemd systemd)
      throws IOException, InterruptedException, CommandFailedException {
    return with(
        new Attempt<>() {
          @Override
          public BitcoinNode connect() throws IOException {
            return BitcoinNode.connect(access, own);
          }

          @Override
          public Optional<BitcoinNode> kept() throws IOException {
            return BitcoinNode.kept(access, own);
          }
        },
        waiting,
        systemd);
  }

  /**
   * The same of any ledger.
   *
   * @throws ChainException when somebody has to correct the configuration
   */
  static <T> T with(Attempt<T> attempt, Supplier<WaitingPile> waiting, Systemd systemd)
      throws IOException, InterruptedException, CommandFailedException {
    try {
      return attempt.connect();
    } catch (WrongNetworkException | WrongCredentialsException e) {
      throw e;
    } catch (ChainException e) {
      requireNotStopped();
      Optional<T> last = attempt.kept();
      if (last.isPresent()) {
        Logger.warn("starting without the chain: {}", e.getMessage());
        return last.get();
      }
      try (WaitingPile unable = waiting.get()) {
        return await(attempt, unable, e, systemd);
      }
    }
  }

  /** A question that is cut short says nothing of the node. */
  private static void requireNotStopped() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("stopped while waiting for the chain");
    }
  }

  private static <T> T await(
      Attempt<T> attempt, WaitingPile waiting, ChainException first, Systemd systemd)
      throws IOException, InterruptedException, CommandFailedException {
    String told = "";
    ChainException problem = first;
    while (true) {
      requireNotStopped();
      String reason = String.valueOf(problem.getMessage());
      if (!reason.equals(told)) {
        Logger.warn("no chain, so nothing is sold yet; asking again: {}", reason);
        waiting.because(reason);
        told = reason;
      }
      systemd.waiting("no chain: " + reason);
      Thread.sleep(PAUSE);
      try {
        return attempt.connect();
      } catch (WrongNetworkException | WrongCredentialsException e) {
        throw e;
      } catch (ChainException e) {
        problem = e;
      }
    }
  }
}
