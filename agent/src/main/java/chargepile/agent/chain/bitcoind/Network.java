package chargepile.agent.chain.bitcoind;

/** The Bitcoin networks, by the names that nodes give them. */
public enum Network {
  REGTEST("regtest"),
  SIGNET("signet"),
  TESTNET4("testnet4"),
  MAINNET("main");

  /** What {@code getblockchaininfo} calls it. */
  final String chain;

  Network(String chain) {
    this.chain = chain;
  }
}
