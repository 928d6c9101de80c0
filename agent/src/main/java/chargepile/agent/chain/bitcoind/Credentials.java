package chargepile.agent.chain.bitcoind;

import java.nio.file.Path;

/** What a node asks of those who use its RPC. */
public sealed interface Credentials {
  /**
   * The file {@code .cookie} in the node's data folder. It is read at every request, because every
   * start of the node writes a new one.
   */
  record CookieFile(Path file) implements Credentials {}

  /** A user of {@code rpcauth} or {@code rpcuser} in the node's configuration. */
  record Password(String user, String password) implements Credentials {
    @Override
    public String toString() {
      return "Password[user=" + user + "]";
    }
  }
}
