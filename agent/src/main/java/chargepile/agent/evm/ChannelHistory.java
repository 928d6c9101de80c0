package chargepile.agent.evm;

import chargepile.agent.units.VoucherChannelId;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Crypto;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.tinylog.Logger;

/**
 * What the voucher channels' contract has said and does not keep in its state: payouts and
 * preimages (P2-16, P2-17). However old it is, and whatever the nodes say, one search asks a
 * bounded number of questions in a bounded time, and the next one goes on. Searches for settlements
 * keep a thread of their own waiting, where there is one. Thread-safe.
 */
final class ChannelHistory {
  /** What providers let one ask for at once, at least. */
  private static final long MOST_BLOCKS = 1000;

  /** In one search: what else there is to be found waits for it. */
  private static final int MOST_QUESTIONS = 50;

  /** After so long a search asks no further question. */
  private static final Duration LONGEST_SEARCH = Duration.ofSeconds(30);

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
  private final Executor thread;

  private final Map<VoucherChannelId, Found> settlements = new ConcurrentHashMap<>();
  private final Set<VoucherChannelId> searched = ConcurrentHashMap.newKeySet();

  /** Why the last search found nothing. */
  private final Map<VoucherChannelId, EvmException> failures = new ConcurrentHashMap<>();

  /** Where the search for a settlement goes on; one that was found is there. */
  private final Map<VoucherChannelId, Long> reached = new ConcurrentHashMap<>();

  /** By hashlock: each proves itself, so they hold for ever. */
  private final Map<ByteVector32, ByteVector32> preimages = new ConcurrentHashMap<>();

  /** By hashlock, where the search for the block of its registration goes on. */
  private final Map<ByteVector32, Between> narrowed = new ConcurrentHashMap<>();

  private record Found(EvmLog log, ChannelLog.Settled settled) {}

  /** The first block that is not before a time is one of these. */
  private record Between(long time, long low, long high) {}

  /** How much more a search may ask. */
  private static final class Allowance {
    private final long begin = System.nanoTime();
    private int questions;

    boolean isUsedUp() {
      return ++questions > MOST_QUESTIONS || System.nanoTime() - begin > LONGEST_SEARCH.toNanos();
    }
  }

  /**
   * @param since the block of the contract's creation
   * @param thread searches for settlements
   */
  ChannelHistory(DeployedContract contract, long since, Executor thread) {
    this.contract = contract;
    this.since = since;
    this.thread = thread;
  }

  /**
   * How a channel was settled. What is not known and not in the last blocks is searched for on the
   * other thread.
   *
   * @param upTo in this block or before
   * @throws EvmException also when it is not found yet; the next call goes on
   */
  ChannelLog.Settled settled(VoucherChannelId channel, long upTo) {
    return known(channel, upTo)
        .or(() -> searched.contains(channel) ? Optional.empty() : recent(channel, upTo))
        .orElseGet(() -> searchedFor(channel, upTo));
  }

  /** Asked for again, as the block may have been replaced, and a node may have lied when alone. */
  private Optional<ChannelLog.Settled> known(VoucherChannelId channel, long upTo) {
    Found found = settlements.get(channel);
    if (found == null || found.log().block() > upTo) {
      return Optional.empty();
    }
    long block = found.log().block();
    if (contract.node().logs(settlement(channel), block, block).contains(found.log())) {
      return Optional.of(found.settled());
    }
    settlements.remove(channel);
    return Optional.empty();
  }

  /**
   * One question, for what was seen to happen: unless a search has begun, and looks there first.
   */
  private Optional<ChannelLog.Settled> recent(VoucherChannelId channel, long upTo) {
    if (reached.containsKey(channel) || failures.containsKey(channel)) {
      return Optional.empty();
    }
    try {
      return found(channel, Math.max(since, upTo - MOST_BLOCKS + 1), upTo).map(Found::settled);
    } catch (RefusedByNodeException e) {
      Logger.debug("the settlement of channel {} is searched for: {}", channel, e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Found> found(VoucherChannelId channel, long first, long last) {
    for (EvmLog log : contract.node().logs(settlement(channel), first, last).reversed()) {
      if (decoded(log).orElse(null) instanceof ChannelLog.Settled settled) {
        Found found = new Found(log, settled);
        remember(settlements, channel, found);
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  private ChannelLog.Settled searchedFor(VoucherChannelId channel, long upTo) {
    if (searched.add(channel)) {
      try {
        thread.execute(() -> searchOnce(channel, upTo));
      } catch (RejectedExecutionException e) {
        searched.remove(channel);
        throw new EvmException("channel %s is not searched for any more".formatted(channel), e);
      }
    }
    Found found = settlements.get(channel);
    if (found != null && found.log().block() <= upTo) {
      return found.settled();
    }
    throw Optional.ofNullable(failures.get(channel))
        .orElseGet(
            () ->
                new EvmException(
                    "the channel %s is settled, and it is searched for how".formatted(channel)));
  }

  private void searchOnce(VoucherChannelId channel, long upTo) {
    try {
      search(channel, upTo);
      failures.remove(channel);
    } catch (EvmException e) {
      remember(failures, channel, e);
    } catch (RuntimeException e) {
      Logger.error(e, "the settlement of channel {} can't be searched for", channel);
      remember(failures, channel, new EvmException(String.valueOf(e), e));
    } finally {
      searched.remove(channel);
    }
  }

  private void search(VoucherChannelId channel, long upTo) {
    Allowance allowance = new Allowance();
    long before = reached.getOrDefault(channel, Long.MAX_VALUE);
    long blocks = MOST_BLOCKS;
    long last = upTo;
    for (int questions = 1; last >= since; questions++) {
      if (allowance.isUsedUp()) {
        throw new EvmException(
            "the channel %s is settled, and no log after block %d says how: the search goes on"
                .formatted(channel, last));
      }
      long first = Math.max(since, last - blocks + 1);
      try {
        Optional<Found> found = found(channel, first, last);
        if (found.isPresent()) {
          remember(reached, channel, found.get().log().block());
          return;
        }
      } catch (RefusedByNodeException e) {
        if (blocks == 1) {
          throw e;
        }
        blocks = Math.max(1, blocks / 4);
        continue;
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
    long first = firstFrom(hashlock, time, upTo);
    long last = upTo - first < SAME_SECOND ? upTo : first + SAME_SECOND - 1;
    LogFilter filter = filter("PreimageRegistered", hashlock);
    for (EvmLog log : LogHistory.read(contract.node(), filter, first, last)) {
      if (decoded(log).orElse(null) instanceof ChannelLog.PreimageRegistered(_, var preimage)
          && hashlock.equals(new ByteVector32(Crypto.sha256(preimage)))) {
        remember(preimages, hashlock, preimage);
        narrowed.remove(hashlock);
        return preimage;
      }
    }
    narrowed.remove(hashlock);
    throw new EvmException(
        "the preimage of 0x%s is public, but no log of the blocks %d to %d has it: correct the block of the contract's creation, %d"
            .formatted(hashlock.toHex(), first, last, since));
  }

  /** The first block that is so late: found by halving. */
  private long firstFrom(ByteVector32 hashlock, long time, long upTo) {
    Allowance allowance = new Allowance();
    Between begun =
        Optional.ofNullable(narrowed.get(hashlock))
            .filter(last -> last.time() == time && last.high() <= upTo)
            .orElseGet(() -> new Between(time, Math.min(since, upTo), upTo));
    long low = begun.low();
    long high = begun.high();
    while (low < high) {
      if (allowance.isUsedUp()) {
        throw new EvmException(
            "the preimage of 0x%s is public since one of the blocks %d to %d: the search goes on"
                .formatted(hashlock.toHex(), low, high));
      }
      long middle = low + (high - low) / 2;
      if (timeOf(middle) < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
      remember(narrowed, hashlock, new Between(time, low, high));
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

  private LogFilter settlement(VoucherChannelId channel) {
    return filter("ChannelSettled", channel.value());
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
