package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.units.Feerate;
import java.util.List;
import java.util.Optional;

/** The node's estimate within bounds, asked once a block, as nodes themselves learn by blocks. */
final class FeeEstimate {
  /** Half an hour. */
  private static final int TARGET_BLOCKS = 3;

  private final BitcoindRpc rpc;
  private final FeerateBounds bounds;
  private Optional<Known> known = Optional.empty();

  private record Known(Tip tip, Feerate feerate) {}

  FeeEstimate(BitcoindRpc rpc, FeerateBounds bounds) {
    this.rpc = rpc;
    this.bounds = bounds;
  }

  Feerate at(Tip tip) {
    Known present = known.filter(old -> old.tip.equals(tip)).orElseGet(() -> new Known(tip, ask()));
    known = Optional.of(present);
    return present.feerate;
  }

  private Feerate ask() {
    List<BitcoindRpc.Answer> answers =
        rpc.askAll(
            List.of(
                Call.of("estimatesmartfee", TARGET_BLOCKS, "economical"),
                Call.of("getmempoolinfo")));
    // Without enough blocks to learn from the answer has "errors" and no feerate.
    Feerate estimate =
        answers.get(0).orThrow().find("feerate").map(FeeEstimate::perKw).orElse(bounds.fallback());
    Feerate minimum = perKw(answers.get(1).orThrow().at("mempoolminfee"));
    return bounds.clamp(estimate.compareTo(minimum) < 0 ? minimum : estimate);
  }

  /** From bitcoin per 1000 virtual bytes; rounded up, so that no minimum is missed. */
  private static Feerate perKw(Json bitcoinPerKvb) {
    try {
      return new Feerate(Math.ceilDiv(bitcoinPerKvb.satoshi().value(), 4L));
    } catch (IllegalArgumentException e) {
      throw new ChainException("the node gives no feerate but " + bitcoinPerKvb.decimal(), e);
    }
  }
}
