package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.TipChain;
import chargepile.agent.chain.bitcoind.BitcoindChain;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.bitcoind.FeerateBounds;
import chargepile.agent.chain.bitcoind.Freshness;
import chargepile.agent.chain.bitcoind.Network;
import chargepile.agent.chain.redundant.RedundantChain;
import chargepile.agent.store.Snapshot;
import chargepile.agent.units.BlockHeight;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.tinylog.Logger;

/**
 * A Bitcoin node: its chain, and the wallet that pays and is paid.
 *
 * @param closingScript where the money of the channels goes
 */
public record BitcoinNode(
    TipChain chain, BitcoindWallet wallet, ByteVector32 genesis, ByteVector closingScript)
    implements AutoCloseable {
  /**
   * How to reach it.
   *
   * @param endpoint of the node with the wallet
   * @param second another node, which is asked for the chain as well
   * @param maxTipAge how old a node's last block may be; empty: of any age
   */
  public record Access(
      Endpoint endpoint,
      Optional<Endpoint> second,
      Network network,
      Optional<Duration> maxTipAge,
      String wallet) {
    public Access(Endpoint endpoint, Network network, String wallet) {
      this(endpoint, Optional.empty(), network, network.usualTipAge(), wallet);
    }

    private TipChain chain(Optional<BlockHeight> scanFrom) {
      TipChain first = chain(endpoint, scanFrom);
      return second.map(other -> (TipChain) both(first, chain(other, scanFrom))).orElse(first);
    }

    private TipChain chain(Endpoint at, Optional<BlockHeight> scanFrom) {
      return new BitcoindChain(
          at,
          network,
          FeerateBounds.DEFAULT,
          scanFrom,
          new Freshness(maxTipAge, InstantSource.system()));
    }

    private RedundantChain both(TipChain first, TipChain other) {
      return new RedundantChain(
          network.genesis(),
          first,
          other,
          InstantSource.system(),
          RedundantChain.USUAL_PATIENCE,
          alert -> Logger.warn("{}", alert.message()));
    }
  }

  /**
   * Asks the node whether all is well, and where the money is to go if that is not kept.
   *
   * @param kept the file of the {@link ChannelsBegin}
   * @throws ChainException when it does not answer as it should
   */
  public static BitcoinNode connect(Access access, Snapshot store, Path kept) throws IOException {
    Optional<ChannelsBegin> known = ChannelsBegin.read(kept, store);
    BitcoindWallet wallet = new BitcoindWallet(access.endpoint(), access.wallet());
    try {
      ChannelsBegin begin;
      if (known.isPresent()) {
        begin = known.get();
      } else {
        begin = new ChannelsBegin(tip(access), wallet.freshScript());
        begin.write(kept);
      }
      TipChain chain = access.chain(Optional.of(begin.scanFrom()));
      try {
        var unused = chain.tip();
        tellBalance(wallet, access, known.isPresent());
        return new BitcoinNode(chain, wallet, chain.genesis().value, begin.closingScript());
      } catch (RuntimeException e) {
        chain.close();
        throw e;
      }
    } catch (RuntimeException | IOException e) {
      wallet.close();
      throw e;
    }
  }

  /**
   * Without asking the node, with what the last run kept; empty when there was none.
   *
   * @param kept the file of the {@link ChannelsBegin}
   */
  public static Optional<BitcoinNode> kept(Access access, Path kept) throws IOException {
    return ChannelsBegin.last(kept)
        .map(
            begin ->
                new BitcoinNode(
                    access.chain(Optional.of(begin.scanFrom())),
                    new BitcoindWallet(access.endpoint(), access.wallet()),
                    access.network().genesis().value,
                    begin.closingScript()));
  }

  private static BlockHeight tip(Access access) {
    try (TipChain chain = access.chain(Optional.empty())) {
      return chain.tip().height();
    }
  }

  /** Channels that exist are watched without the wallet while another node tells the chain. */
  private static void tellBalance(BitcoindWallet wallet, Access access, boolean channels) {
    try {
      Logger.info("the wallet can spend {} sat", wallet.balance().value());
    } catch (ChainException e) {
      if (access.second().isEmpty() || !channels) {
        throw e;
      }
      Logger.warn("no money for fees until this ends: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    wallet.close();
    chain.close();
  }
}
