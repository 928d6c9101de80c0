package chargepile.agent.chain;

import fr.acinq.bitcoin.Block;
import fr.acinq.bitcoin.BlockHash;
import java.time.Duration;
import java.util.Optional;

/** The Bitcoin networks, by the names that nodes give them. */
public enum Network {
  REGTEST("regtest"),
  SIGNET("signet"),
  TESTNET4("testnet4"),
  MAINNET("main");

  /** A pause of two hours between blocks comes once in some years. */
  private static final Duration USUAL_TIP_AGE = Duration.ofHours(2);

  private final String chain;

  Network(String chain) {
    this.chain = chain;
  }

  /** What {@code getblockchaininfo} calls it. */
  public String chain() {
    return chain;
  }

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

  /** How old a tip may be; empty where blocks come only when somebody wants one. */
  public Optional<Duration> usualTipAge() {
    return this == REGTEST ? Optional.empty() : Optional.of(USUAL_TIP_AGE);
  }
}
