package chargepile.agent.evm;

import chargepile.agent.units.VoucherChannelId;
import chargepile.agent.voucher.ChainView;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherSetup;
import fr.acinq.bitcoin.ByteVector32;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * What the nodes show of voucher channels, for those who act on it.
 *
 * <p>What was final stays so while nodes merely lag: a node that is back after an outage may know
 * an older block as the last final one than the other did, and a deposit that was final is not
 * taken for gone because of that. Where a final block was really replaced, it is.
 *
 * <p>Thread-safe.
 */
public final class ChannelViews {
  private final EvmNode node;
  private final VoucherChannelContract contract;
  private final List<VoucherChannelContract> witnesses;
  private final Finality finality;
  private final Map<VoucherChannelId, Final> finals = new ConcurrentHashMap<>();
  private final Map<VoucherChannelId, Instant> ends = new ConcurrentHashMap<>();
  private final Map<VoucherChannelId, Map<EvmNode, Hint>> hintedEnds = new ConcurrentHashMap<>();
  private final Map<VoucherChannelId, Seen> seen = new ConcurrentHashMap<>();

  private record Final(EvmBlock block, OnLedger state) {}

  private record Seen(EvmBlock head, OnLedger state) {}

  /**
   * When a challenge period ends.
   *
   * @param claimed by one node
   * @param end the same where it can be so
   */
  private record Hint(Instant claimed, Instant end) {}

  /**
   * @param witnesses the single nodes, where there are two ({@link RedundantNode#witnesses});
   *     without any there are no hints
   */
  public ChannelViews(
      EvmNode node, List<EvmNode> witnesses, VoucherChannelContract contract, Finality finality) {
    this.node = node;
    this.contract = contract;
    this.witnesses = witnesses.stream().map(contract::at).toList();
    this.finality = finality;
  }

  /**
   * A channel at the head and at the last final block.
   *
   * @throws EvmException also while nothing is final yet
   */
  public ChainView view(VoucherSetup channel) {
    Optional<Seen> before = Optional.ofNullable(seen.remove(channel.id()));
    EvmBlock head = head();
    // A block has one state: what was seen of it need not be asked for again.
    OnLedger latest =
        before
            .filter(known -> known.head().equals(head))
            .map(Seen::state)
            .orElseGet(() -> contract.onLedger(channel, head));
    if (latest instanceof OnLedger.Closing closing) {
      ends.put(channel.id(), end(closing));
    } else {
      ends.remove(channel.id());
    }
    hintedEnds.remove(channel.id());
    OnLedger last = lastFinal(channel).state();
    seen.put(channel.id(), new Seen(head, latest));
    return new ChainView(head.time().getEpochSecond(), latest, last);
  }

  /** The last block that counts. */
  public EvmBlock head() {
    return found(node.block(BlockRef.LATEST));
  }

  private EvmBlock found(Optional<EvmBlock> block) {
    return block.orElseThrow(
        () -> new EvmException(node + " has no such block yet: it is synchronising"));
  }

  private Final lastFinal(VoucherSetup channel) {
    EvmBlock block = found(finality.block(node));
    Optional<Final> known = Optional.ofNullable(finals.get(channel.id()));
    if (known.filter(last -> last.block().equals(block)).isPresent()) {
      return known.get();
    }
    if (known.isPresent() && block.number() < known.get().block().number()) {
      if (!wasReplaced(known.get().block())) {
        return known.get();
      }
      Logger.error(
          "{} was final and was replaced after all: channel {} is read again at {}",
          known.get().block(),
          channel.id(),
          block);
    }
    Final now = new Final(block, contract.onLedger(channel, block));
    finals.put(channel.id(), now);
    return now;
  }

  private boolean wasReplaced(EvmBlock block) {
    return node.block(BlockRef.number(block.number()))
        .filter(other -> !other.hash().equals(block.hash()))
        .isPresent();
  }

  /** Whether the preimage of a lock is public (P2-17). */
  public VoucherEvent.PreimageSaid preimage(ByteVector32 hashlock) {
    EvmBlock last = found(finality.block(node));
    return new VoucherEvent.PreimageSaid(
        hashlock,
        contract.registration(hashlock, head()),
        contract.registration(hashlock, last),
        last.time().getEpochSecond());
  }

  /** The contract's state of a channel at the head. */
  public OnLedger now(VoucherSetup channel) {
    return contract.onLedger(channel, head());
  }

  /**
   * What single nodes show of a channel's end that the last view did not show: a hint, never a
   * proof, for one of them may lie, and the other may hide it. So a node is asked for the state
   * alone, at the block that it names: of a channel that is settled there are no payouts.
   */
  public List<OnLedger> hints(VoucherSetup channel) {
    List<OnLedger> hints = new ArrayList<>();
    for (VoucherChannelContract witness : witnesses) {
      try {
        hint(channel, witness).ifPresent(hints::add);
      } catch (EvmException e) {
        Logger.debug("no hint of channel {}: {}", channel.id(), e.getMessage());
      }
    }
    return hints;
  }

  private Optional<OnLedger> hint(VoucherSetup channel, VoucherChannelContract witness) {
    Optional<EvmBlock> head = witness.node().block(BlockRef.LATEST);
    Optional<EvmBlock> viewed = Optional.ofNullable(seen.get(channel.id())).map(Seen::head);
    if (head.isEmpty() || head.equals(viewed)) {
      return Optional.empty();
    }
    Optional<OnLedger> end = witness.ending(channel, head.get().hash());
    Map<EvmNode, Hint> hinted =
        hintedEnds.computeIfAbsent(channel.id(), _ -> new ConcurrentHashMap<>());
    if (end.orElse(null) instanceof OnLedger.Closing closing) {
      Instant now = now(head.get());
      hinted.compute(
          witness.node(), (_, known) -> hint(end(closing), known, now, channel.challengePeriod()));
    } else {
      hinted.remove(witness.node());
    }
    return end;
  }

  /** As long as nobody else says when a period ends that one can't have, it ends a whole one on. */
  private static Hint hint(Instant claimed, @Nullable Hint known, Instant now, Duration period) {
    if (known != null && known.claimed().equals(claimed) && now.isBefore(known.end())) {
      return known;
    }
    Instant last = now.plus(period);
    return new Hint(claimed, now.isBefore(claimed) && claimed.isBefore(last) ? claimed : last);
  }

  /** By the head that all have; while there is none, by the node's own. */
  private Instant now(EvmBlock own) {
    try {
      return head().time();
    } catch (EvmException e) {
      Logger.debug("what time it is, {} alone says: {}", own, e.getMessage());
      return own.time();
    }
  }

  private static Instant end(OnLedger.Closing closing) {
    return ChainTime.instant(closing.settleAfter());
  }

  /**
   * When the challenge period ends that was last seen of a channel, by the chain's clock: while
   * there are but hints of it, the earliest that can be so.
   */
  public Optional<Instant> challengeEnd(VoucherSetup channel) {
    return Optional.ofNullable(ends.get(channel.id()))
        .or(
            () ->
                hintedEnds.getOrDefault(channel.id(), Map.of()).values().stream()
                    .map(Hint::end)
                    .min(Comparator.naturalOrder()));
  }
}
