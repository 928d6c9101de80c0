package chargepile.agent.cli.node;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.Freshness;
import chargepile.agent.chain.Network;
import chargepile.agent.chain.TipChain;
import chargepile.agent.chain.Wallet;
import chargepile.agent.chain.bitcoind.BitcoindChain;
import chargepile.agent.chain.bitcoind.BitcoindWallet;
import chargepile.agent.chain.bitcoind.Endpoint;
import chargepile.agent.chain.esplora.EsploraChain;
import chargepile.agent.chain.esplora.EsploraWallet;
import chargepile.agent.chain.esplora.Server;
import chargepile.agent.chain.redundant.RedundantChain;
import chargepile.agent.runtime.NodeKeys;
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
 * A Bitcoin node or an Esplora server: its chain, and the wallet that pays and is paid.
 *
 * @param closingScript where the money of the channels goes
 * @param connections to be closed with it
 */
public record BitcoinNode(
    TipChain chain,
    Wallet wallet,
    ByteVector32 genesis,
    ByteVector closingScript,
    Closings connections)
    implements AutoCloseable {
  /** How to reach it. */
  public sealed interface Access {
    Network network();

    /** How old the last block may be; empty: of any age. */
    Optional<Duration> maxTipAge();

    /**
     * A Bitcoin node, or two.
     *
     * @param endpoint of the node with the wallet
     * @param second another node, which is asked for the chain as well
     * @param wallet the node's wallet that pays and is paid
     */
    record Node(
        Endpoint endpoint,
        Optional<Endpoint> second,
        Network network,
        Optional<Duration> maxTipAge,
        String wallet)
        implements Access {
      public Node(Endpoint endpoint, Network network, String wallet) {
        this(endpoint, Optional.empty(), network, network.usualTipAge(), wallet);
      }

      private TipChain chain(Optional<BlockHeight> scanFrom) {
        TipChain first = chain(endpoint, scanFrom);
        return second.map(other -> (TipChain) both(first, chain(other, scanFrom))).orElse(first);
      }

      private TipChain chain(Endpoint at, Optional<BlockHeight> scanFrom) {
        return new BitcoindChain(at, network, FeerateBounds.DEFAULT, scanFrom, freshness(this));
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

    /** An Esplora server; the wallet is that of the own seed. */
    record Esplora(Server server, Network network, Optional<Duration> maxTipAge)
        implements Access {}

    private static Freshness freshness(Access access) {
      return new Freshness(access.maxTipAge(), InstantSource.system());
    }
  }

  /**
   * What belongs to the own side.
   *
   * @param kept the file of the {@link ChannelsBegin}
   * @param sweepTo where the money of channels to come goes; empty for the wallet
   */
  public record Own(NodeKeys keys, Snapshot store, Path kept, Optional<ByteVector> sweepTo) {}

  /**
   * Asks whether all is well, and where the money is to go if that is not kept.
   *
   * @throws ChainException when it does not answer as it should
   */
  public static BitcoinNode connect(Access access, Own own) throws IOException {
    Optional<ChannelsBegin> known = ChannelsBegin.read(own.kept(), own.store());
    Closings connections = new Closings();
    try {
      Wallet wallet = wallet(access, own, connections);
      ChannelsBegin begin;
      if (known.isPresent()) {
        begin = known.get();
        tellOfOtherDestination(begin.closingScript(), own);
      } else {
        BlockHeight tip = tip(access);
        begin = new ChannelsBegin(tip, own.sweepTo().orElseGet(wallet::freshScript));
        begin.write(own.kept());
      }
      TipChain chain = connections.add(chain(access, Optional.of(begin.scanFrom())));
      var unused = chain.tip();
      tellBalance(wallet, access, known.isPresent());
      return new BitcoinNode(
          chain, wallet, chain.genesis().value, begin.closingScript(), connections);
    } catch (RuntimeException | IOException e) {
      connections.close();
      throw e;
    }
  }

  /** Without asking, with what the last run kept; empty when there was none. */
  public static Optional<BitcoinNode> kept(Access access, Own own) throws IOException {
    Optional<ChannelsBegin> last = ChannelsBegin.last(own.kept());
    if (last.isEmpty()) {
      return Optional.empty();
    }
    ChannelsBegin begin = last.get();
    if (ChannelsBegin.read(own.kept(), own.store()).isPresent()) {
      tellOfOtherDestination(begin.closingScript(), own);
    } else {
      begin = new ChannelsBegin(begin.scanFrom(), own.sweepTo().orElse(begin.closingScript()));
      begin.write(own.kept());
    }
    Closings connections = new Closings();
    return Optional.of(
        new BitcoinNode(
            connections.add(chain(access, Optional.of(begin.scanFrom()))),
            wallet(access, own, connections),
            access.network().genesis().value,
            begin.closingScript(),
            connections));
  }

  private static TipChain chain(Access access, Optional<BlockHeight> scanFrom) {
    return switch (access) {
      case Access.Node node -> node.chain(scanFrom);
      case Access.Esplora esplora ->
          new EsploraChain(
              esplora.server(),
              esplora.network(),
              FeerateBounds.DEFAULT,
              Access.freshness(esplora));
    };
  }

  private static Wallet wallet(Access access, Own own, Closings connections) {
    return switch (access) {
      case Access.Node node ->
          connections.add(
              new BitcoindWallet(
                  node.endpoint(),
                  node.wallet(),
                  new ReservedCoinsFile(own.kept().resolveSibling(ReservedCoinsFile.NAME))));
      case Access.Esplora esplora ->
          connections.add(
              new EsploraWallet(
                  esplora.server(), esplora.network(), own.keys().seed(), own.keys().signer()));
    };
  }

  private static BlockHeight tip(Access access) {
    try (TipChain chain = chain(access, Optional.empty())) {
      return chain.tip().height();
    }
  }

  /** Channels that exist are watched without the wallet while another node tells the chain. */
  private static void tellBalance(Wallet wallet, Access access, boolean channels) {
    try {
      Logger.info("the wallet can spend {} sat", wallet.balance().value());
      if (wallet instanceof EsploraWallet builtIn) {
        Logger.info("to fill the wallet, pay to {}", builtIn.address());
      }
    } catch (ChainException e) {
      boolean another = access instanceof Access.Node node && node.second().isPresent();
      if (!another || !channels) {
        throw e;
      }
      Logger.warn("no money for fees until this ends: {}", e.getMessage());
    }
  }

  /** Sweeps under way would not be known as the own ones if their script changed. */
  private static void tellOfOtherDestination(ByteVector kept, Own own) {
    if (own.sweepTo().filter(wanted -> !wanted.equals(kept)).isPresent()) {
      Logger.warn(
          "the channels that are not finished still pay to the script {} that they began with, and"
              + " so do new ones until none is left; sweep_to is used then",
          kept.toHex());
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
