package chargepile.agent.config;

import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.BlockHash;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The block chain that settles, and the node or server that answers for it.
 *
 * @param rpc the node's JSON-RPC, {@code http://host:port}
 * @param cookieFile the node's own, used unless there is a user
 * @param rpcPasswordFile a file that holds the user's password and nothing else
 * @param wallet the node's wallet that pays and is paid
 * @param second a node that is asked besides, and serves while the first is away
 * @param maxTipAge how old a node's last block may be; left out: what suits the network
 * @param esplora where the API of the Esplora server begins; there is one with that backend
 * @param esploraPoll how often it is asked for news
 * @param reservePerChannel what the wallet keeps for every channel; empty when it is computed
 * @param grace how long energy is sold on while the chain is out of sight
 */
public record ChainSettings(
    Network network,
    Backend backend,
    URI rpc,
    Path cookieFile,
    Optional<String> rpcUser,
    Optional<Path> rpcPasswordFile,
    String wallet,
    Optional<SecondNode> second,
    Optional<Duration> maxTipAge,
    Optional<URI> esplora,
    Duration esploraPoll,
    Optional<Satoshi> reservePerChannel,
    Duration grace) {
  /**
   * A node besides. It has either a cookie that can be read here, or a user.
   *
   * @param rpc its JSON-RPC, {@code http://host:port}
   */
  public record SecondNode(
      URI rpc,
      Optional<Path> cookieFile,
      Optional<String> rpcUser,
      Optional<Path> rpcPasswordFile) {}

  /** A Bitcoin network. */
  public enum Network {
    REGTEST,
    SIGNET,
    TESTNET4,
    MAINNET;

    /** The hash of its first block. */
    public BlockHash genesis() {
      Block first =
          switch (this) {
            case REGTEST -> Block.RegtestGenesisBlock;
            case SIGNET -> Block.SignetGenesisBlock;
            case TESTNET4 -> Block.Testnet4GenesisBlock;
            case MAINNET -> Block.LivenetGenesisBlock;
          };
      return first.hash;
    }
  }

  /** What answers for the chain. */
  public enum Backend {
    /** A Bitcoin node, which may be pruned, over its RPC. */
    BITCOIND,
    /** An Esplora server, with a wallet of the pile's own seed. */
    ESPLORA
  }
}
