package chargepile.agent.config;

import chargepile.agent.units.Satoshi;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The block chain that settles, and the node that answers for it.
 *
 * @param rpc the node's JSON-RPC, {@code http://host:port}
 * @param cookieFile the node's own, used unless there is a user
 * @param rpcPasswordFile a file that holds the user's password and nothing else
 * @param wallet the node's wallet that pays and is paid
 * @param reservePerChannel what the wallet keeps for every channel; empty when it is computed
 */
public record ChainSettings(
    Network network,
    Backend backend,
    URI rpc,
    Path cookieFile,
    Optional<String> rpcUser,
    Optional<Path> rpcPasswordFile,
    String wallet,
    Optional<Satoshi> reservePerChannel) {
  /** A Bitcoin network. */
  public enum Network {
    REGTEST,
    SIGNET,
    TESTNET4,
    MAINNET
  }

  /** What answers for the chain. */
  public enum Backend {
    /** A Bitcoin node, which may be pruned, over its RPC. */
    BITCOIND
  }
}
