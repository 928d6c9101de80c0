package chargepile.agent.evm;

import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the voucher channels' contract has said and does not keep in its state: payouts and
 * preimages (P2-16, P2-17). However old it is, and whatever the nodes say, one call asks a bounded
 * number of questions. Thread-safe.
 */
final class ChannelHistory {
  /** What providers let one ask for at once, at least. */
  private static final long MOST_BLOCKS = 1000;

  /** In one call; together shorter than a round of all channels may take. */
  private static final int MOST_QUESTIONS = 50;

  /**
   * So many of them look anew at the last blocks, where a reorganisation may have put it, or a node
   * that served alone may have hidden it.
   */
  private static final int FROM_HEAD = 10;

  /** More than any chain has of the same second. */
  private static final long SAME_SECOND = 32;

  /** Channels and locks that are remembered, which is all for most. */
  private static final int REMEMBERED = 1024;

  private final DeployedContract contract;
  private final long since;

  /** Where the search for a settlement goes on; one that was found is there. */
  private final Map<VoucherChannelId, Long> reached = new ConcurrentHashMap<>();

  /** By hashlock: each proves itself, so they hold for ever. */
  private final Map<ByteVector32, ByteVector32> preimages = new ConcurrentHashMap<>();

  /**
   * @param since the block of the contract's creation
   */
  ChannelHistory(DeployedContract contract, long since) {
    this.contract = contract;
    this.since = since;
  }

  /**
   * How a channel was settled.
   *
   * @param upTo in this block or before
   * @throws EvmException also when it is not found yet; the next call goes on
   */
  ChannelLog.Settled settled(VoucherChannelId channel, long upTo) {
    LogFilter filter = filter("ChannelSettled", channel.value());
    long before = reached.getOrDefault(channel, Long.MAX_VALUE);
    long blocks = MOST_BLOCKS;
    long last = upTo;
    for (int questions = 1; last >= since; questions++) {
      if (questions > MOST_QUESTIONS) {
        throw new EvmException(
            "the channel %s is settled, and no log after block %d says how: the search goes on"
                .formatted(channel, last));
      }
      long first = Math.max(since, last - blocks + 1);
      List<EvmLog> logs;
      try {
        logs = contract.node().logs(filter, first, last);
      } catch (RefusedByNodeException e) {
        if (blocks == 1) {
          throw e;
        }
        blocks = Math.max(1, blocks / 4);
        continue;
      }
      for (EvmLog log : logs.reversed()) {
        if (decoded(log).orElse(null) instanceof ChannelLog.Settled settled) {
          remember(reached, channel, log.block());
          return settled;
        }
      }
      last = questions < FROM_HEAD ? first - 1 : Math.min(first - 1, before);
      remember(reached, channel, Math.min(last, before));
      blocks = Math.min(MOST_BLOCKS, 2 * blocks);
    }
    reached.remove(channel);
    throw new EvmException(
        "the channel %s is settled, but no log since block %d says so: correct the block of the contract's creation"
            .formatted(channel, since));
  }

  /**
   * The preimage of a lock.
   *
   * @param time of its registration, in Unix seconds
   * @param upTo in this block or before
   * @throws EvmException also when it is not there
   */
  ByteVector32 preimage(ByteVector32 hashlock, long time, long upTo) {
    ByteVector32 known = preimages.get(hashlock);
    if (known != null) {
      return known;
    }
    long first = firstFrom(time, upTo);
    long last = upTo - first < SAME_SECOND ? upTo : first + SAME_SECOND - 1;
    LogFilter filter = filter("PreimageRegistered", hashlock);
    for (EvmLog log : LogHistory.read(contract.node(), filter, first, last)) {
      if (decoded(log).orElse(null) instanceof ChannelLog.PreimageRegistered(_, var preimage)
          && hashlock.equals(new ByteVector32(Crypto.sha256(preimage)))) {
        remember(preimages, hashlock, preimage);
        return preimage;
      }
    }
    throw new EvmException(
        "the preimage of 0x%s is public, but no log of the blocks %d to %d has it: correct the block of the contract's creation, %d"
            .formatted(hashlock.toHex(), first, last, since));
  }

  /** The first block that is so late: found by halving. */
  private long firstFrom(long time, long upTo) {
    long low = Math.min(since, upTo);
    long high = upTo;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (timeOf(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long timeOf(long number) {
    return contract
        .node()
        .block(BlockRef.number(number))
        .orElseThrow(
            () -> new EvmException("%s has no block %d".formatted(contract.node(), number)))
        .time()
        .getEpochSecond();
  }

  private LogFilter filter(String event, ByteVector32 subject) {
    return new LogFilter(
        Set.of(contract.address()), Set.of(contract.artifact().signature(event)), Set.of(subject));
  }

  private Optional<ChannelLog> decoded(EvmLog log) {
    return contract.decode(log).flatMap(ChannelLogDecoder::decode);
  }

  /** What is forgotten is searched for again. */
  private static <K, V> void remember(Map<K, V> memory, K key, V value) {
    if (memory.size() >= REMEMBERED) {
      memory.clear();
    }
    memory.put(key, value);
  }
}
