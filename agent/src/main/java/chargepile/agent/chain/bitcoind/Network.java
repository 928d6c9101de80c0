package chargepile.agent.chain.bitcoind;

import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.BlockHash;
import java.time.Duration;
import java.util.Optional;

/** The Bitcoin networks, by the names that nodes give them. */
public enum Network {
  REGTEST("regtest", Block.RegtestGenesisBlock),
  SIGNET("signet", Block.SignetGenesisBlock),
  TESTNET4("testnet4", Block.Testnet4GenesisBlock),
  MAINNET("main", Block.LivenetGenesisBlock);

  /** A pause of two hours between blocks comes once in some years. */
  private static final Duration USUAL_TIP_AGE = Duration.ofHours(2);

  /** What {@code getblockchaininfo} calls it. */
  final String chain;

  private final BlockHash genesis;

  Network(String chain, Block genesis) {
    this.chain = chain;
    this.genesis = genesis.hash;
  }

  /** The hash of its first block. */
  public BlockHash genesis() {
    return genesis;
  }

  /** How old a tip may be; empty where blocks come only when somebody wants one. */
  public Optional<Duration> usualTipAge() {
    return this == REGTEST ? Optional.empty() : Optional.of(USUAL_TIP_AGE);
  }
}
