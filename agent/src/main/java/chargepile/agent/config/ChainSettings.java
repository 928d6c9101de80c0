package chargepile.agent.config;

/** The block chain that settles. */
public record ChainSettings(Network network, Backend backend) {
  /** A Bitcoin network. */
  public enum Network {
    REGTEST,
    SIGNET,
    TESTNET4,
    MAINNET
  }

  /** What answers for the chain. */
  public enum Backend {
    /** A private chain inside the process, for demonstration and tests. */
    EMBEDDED
  }
}
