package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.BitcoindChain;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.bitcoind.FeerateBounds;
import chargepile.agent.chain.bitcoind.Network;
import chargepile.agent.store.Snapshot;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.tinylog.Logger;

/**
 * A Bitcoin node that has answered: its chain, and the wallet that pays and is paid.
 *
 * @param closingScript where the money of the channels goes
 */
public record BitcoinNode(
    BitcoindChain chain, BitcoindWallet wallet, ByteVector32 genesis, ByteVector closingScript)
    implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofSeconds(5);

  /** How to reach it. */
  public record Access(Endpoint endpoint, Network network, String wallet) {}

  /** What is done when it does not answer. */
  public enum Patience {
    /** Say so, and ask again until it does. */
    UNTIL_IT_ANSWERS,
    NONE
  }

  /**
   * Connects.
   *
   * @param kept the file of the {@link ChannelsBegin}
   * @throws ChainException when it does not answer as it should, without patience
   */
  public static BitcoinNode connect(Access access, Snapshot store, Path kept, Patience patience)
      throws IOException, InterruptedException {
    String told = "";
    while (true) {
      try {
        return connect(access, store, kept);
      } catch (ChainException e) {
        if (patience == Patience.NONE) {
          throw e;
        }
        String problem = String.valueOf(e.getMessage());
        if (!problem.equals(told)) {
          Logger.warn("no chain, so nothing is sold yet; asking again: {}", problem);
          told = problem;
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private static BitcoinNode connect(Access access, Snapshot store, Path kept) throws IOException {
    Optional<ChannelsBegin> known = ChannelsBegin.read(kept, store);
    BitcoindChain chain =
        new BitcoindChain(
            access.endpoint(),
            access.network(),
            FeerateBounds.DEFAULT,
            known.map(ChannelsBegin::scanFrom));
    BitcoindWallet wallet = new BitcoindWallet(access.endpoint(), access.wallet());
    try {
      ByteVector32 genesis = chain.genesis().value;
      Logger.info("the wallet can spend {} sat", wallet.balance().value());
      ChannelsBegin begin;
      if (known.isPresent()) {
        begin = known.get();
      } else {
        BlockHeight tip = chain.view(Set.of(), Set.of()).tip();
        begin = new ChannelsBegin(tip, wallet.freshScript());
        begin.write(kept);
      }
      return new BitcoinNode(chain, wallet, genesis, begin.closingScript());
    } catch (RuntimeException | IOException e) {
      wallet.close();
      chain.close();
      throw e;
    }
  }

  @Override
  public void close() {
    wallet.close();
    chain.close();
  }
}
