package chargepile.agent.runtime;

import chargepile.agent.evm.BlockRef;
import chargepile.agent.evm.EvmBlock;
import chargepile.agent.evm.Finality;
import chargepile.agent.evm.market.MarketRules;
import chargepile.agent.evm.market.OfferLog;
import chargepile.agent.market.order.ListingId;
import chargepile.agent.market.order.eip712.ChainNames;
import chargepile.agent.units.EvmAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * The logs of a market. Those of blocks that count as done are read once; those of the others with
 * every look, as a reorganisation may replace them. Where a block that counted as done is in the
 * chain no more, be it that a node lags behind or that one told of a chain that there is not, all
 * is read anew. Used by one thread at a time.
 */
final class MarketTapes {
  /** Where the chain does not tell what counts as done: a little more than four epochs. */
  private static final long DEEP = 150;

  private final MarketContracts contracts;
  private final EvmAddress account;
  private final boolean reviews;
  private final Finality finality;
  private final Runnable anew;
  private @Nullable Tapes deep;
  private long nextDeep;

  /** The last block whose logs are in {@link #deep}. */
  private @Nullable EvmBlock anchor;

  /**
   * @param listings the account's own
   */
  record Tapes(QuoteTape quotes, OrderTape orders, Set<ListingId> listings) {
    private Tapes copy() {
      return new Tapes(quotes.copy(), orders.copy(), new LinkedHashSet<>(listings));
    }
  }

  /**
   * @param reviews whether everybody's orders are of interest, and not only the account's own
   * @param finality from when on what a block says counts as done
   * @param anew is told when all that was learnt is worth nothing
   */
  MarketTapes(
      MarketContracts contracts,
      EvmAddress account,
      boolean reviews,
      Finality finality,
      Runnable anew) {
    this.contracts = contracts;
    this.account = account;
    this.reviews = reviews;
    this.finality = finality;
    this.anew = anew;
    this.nextDeep = contracts.since();
  }

  /** The last block that counts as done; empty: none does yet. */
  Optional<EvmBlock> done() {
    return finality.block(contracts.node());
  }

  /** What the logs say up to the head. */
  Tapes read(MarketRules rules, EvmBlock head, Optional<EvmBlock> done) {
    if (anchor != null && !isStill(anchor, head)) {
      forget(anchor, head);
    }
    Tapes known = deep;
    if (known == null) {
      known =
          new Tapes(
              new QuoteTape(rules, ChainNames.trader(account)),
              new OrderTape(reviews ? Optional.empty() : Optional.of(account)),
              new LinkedHashSet<>());
    }
    long last = lastDone(head, done);
    Optional<EvmBlock> next = last >= nextDeep ? block(last) : Optional.empty();
    if (next.isPresent()) {
      Tapes further = known.copy(); // kept only when all of it was read
      play(further, nextDeep, last);
      known = further;
      nextDeep = last + 1;
      anchor = next.get();
    }
    deep = known;
    Tapes now = known.copy();
    play(now, nextDeep, head.number());
    return now;
  }

  private void forget(EvmBlock gone, EvmBlock head) {
    Logger.warn(
        "market: {} counted as done, and is not in the chain of {} any more, whose head is {}: the"
            + " market is read anew from block {} on",
        gone,
        contracts.node(),
        head,
        contracts.since());
    deep = null;
    anchor = null;
    nextDeep = contracts.since();
    anew.run();
  }

  private boolean isStill(EvmBlock block, EvmBlock head) {
    return head.number() >= block.number()
        && block(block.number()).filter(now -> now.hash().equals(block.hash())).isPresent();
  }

  private Optional<EvmBlock> block(long number) {
    return contracts.node().block(BlockRef.number(number));
  }

  /** Below 0 where there is none. */
  private long lastDone(EvmBlock head, Optional<EvmBlock> done) {
    return switch (finality) {
      case Finality.ByTag _ -> Math.min(done.map(EvmBlock::number).orElse(-1L), head.number());
      case Finality.ByDepth(int blocks) -> head.number() - Math.max(blocks, DEEP);
    };
  }

  private void play(Tapes tapes, long first, long last) {
    contracts.quotes().history(first, last).forEach(tapes.quotes()::hear);
    contracts.orders().history(first, last).forEach(tapes.orders()::hear);
    for (OfferLog log : contracts.offers().history(first, last)) {
      if (log instanceof OfferLog.Published published && published.seller().equals(account)) {
        tapes.listings().add(published.listing());
      }
    }
  }
}
