package chargepile.agent.config;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The EVM chain that settles, the contract that holds the deposits, and what its channels are like.
 *
 * @param node where the chain is asked
 * @param second a node that is asked besides, and serves while the first is away
 * @param chainId of the chain; a node on another is refused (EIP-155)
 * @param voucherChannel the contract
 * @param token what is paid with (ERC-20)
 * @param firstBlock nothing of the contracts is in earlier blocks
 * @param leastDeposit what the opener of a channel must put in at least
 * @param deposit what this side puts into a channel that it opens
 * @param cooperativeClose how long a close that both signed may take to get into the chain
 * @param gasReservePerChannelGwei what the account keeps for every channel, in gwei of the chain's
 *     own coin
 * @param grace how long energy is sold on while the chain is out of sight
 */
public record EvmSettings(
    Node node,
    Optional<Node> second,
    long chainId,
    EvmAddress voucherChannel,
    EvmAddress token,
    long firstBlock,
    Finality finality,
    Pace pace,
    ChallengePeriod challengePeriod,
    Amount leastDeposit,
    Amount deposit,
    Duration cooperativeClose,
    Fees fees,
    long gasReservePerChannelGwei,
    Duration grace) {
  /** Chains whose coins are worth nothing: private ones, Sepolia, Holesky, Hoodi. */
  private static final Set<Long> PLAY_MONEY =
      Set.of(1337L, 31_337L, 11_155_111L, 17_000L, 560_048L);

  /** Whether it is known that the chain's coins are worth nothing. */
  public boolean isPlayMoney() {
    return isPlayMoney(chainId);
  }

  static boolean isPlayMoney(long chainId) {
    return PLAY_MONEY.contains(chainId);
  }

  /**
   * An EVM node.
   *
   * @param tokenFile holds what it wants to see behind {@code Authorization: Bearer}
   */
  public record Node(URI rpc, Optional<Path> tokenFile) {
    /** Scheme, host and port only: providers put their keys into paths and queries. */
    @Override
    public String toString() {
      String port = rpc.getPort() < 0 ? "" : ":" + rpc.getPort();
      return "%s://%s%s".formatted(rpc.getScheme(), rpc.getHost(), port);
    }
  }

  /**
   * How the chain is looked at.
   *
   * @param poll how often it is asked for a new block
   * @param mostAge without a new block for so long it counts as out of sight
   */
  public record Pace(Duration poll, Duration mostAge) {}

  /** From when on a block counts as final. */
  public sealed interface Finality {
    /** The chain's own word for it. */
    enum Tag implements Finality {
      SAFE,
      FINALIZED
    }

    /**
     * So many blocks deep, where the chain has no word for it.
     *
     * @param blocks 1 is the latest block itself
     */
    record Depth(int blocks) implements Finality {}
  }

  /**
   * How long after a close either side can show a better voucher (P1-25).
   *
   * @param own of the channels that this side opens
   * @param least of those that it accepts
   * @param most of those that it accepts
   */
  public record ChallengePeriod(Duration own, Duration least, Duration most) {}

  /**
   * What transactions may cost, per unit of gas.
   *
   * @param leastTipWei what block builders want at least
   * @param urgentCapGwei where a deadline is near
   * @param patienceBlocks until a transaction that can wait is raised
   * @param urgentBefore how long before its deadline a transaction becomes urgent
   */
  public record Fees(
      long leastTipWei,
      long capGwei,
      long urgentCapGwei,
      int patienceBlocks,
      Duration urgentBefore) {}
}
