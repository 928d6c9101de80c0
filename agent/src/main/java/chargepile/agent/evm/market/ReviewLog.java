package chargepile.agent.evm.market;

import chargepile.agent.market.order.ConversionTable;
import chargepile.agent.market.order.FeederId;
import chargepile.agent.market.order.PileId;
import chargepile.agent.market.order.RejectionReason.VetoReason;
import chargepile.agent.market.order.ReviewRule;
import chargepile.agent.market.order.eip712.OrderKey;
import chargepile.agent.units.EvmAddress;
import java.time.Instant;
import java.util.Optional;

/** What the review board tells (P2-09). */
public sealed interface ReviewLog {
  /**
   * The rules were applied to an order.
   *
   * @param broken the first rule that the order broke; empty: it is approved
   */
  record Reviewed(EvmAddress book, OrderKey order, EvmAddress by, Optional<ReviewRule> broken)
      implements ReviewLog {}

  /** The agency's own word, which it answers for. */
  record Vetoed(EvmAddress book, OrderKey order, EvmAddress by, VetoReason why)
      implements ReviewLog {}

  /** What an approved order was promised is free again. */
  record Released(EvmAddress book, OrderKey order) implements ReviewLog {}

  record LimitsPublished(LimitsNotice notice) implements ReviewLog {}

  /**
   * What a feeder bears.
   *
   * @param watts in each direction
   */
  record FeederPublished(FeederId feeder, long watts, Instant from) implements ReviewLog {}

  /** On which feeder a pile hangs. */
  record PilePublished(PileId pile, FeederId feeder, Instant from) implements ReviewLog {}

  /** One more conversion table (P2-03), without the kinds of energy whose names are none. */
  record TablePublished(ConversionTable table) implements ReviewLog {}
}
