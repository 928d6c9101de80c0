package chargepile.agent.chain.bitcoind;

import chargepile.agent.chain.ChainException;
import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.bitcoind.BitcoindRpc.Call;
import chargepile.agent.chain.bitcoind.BlockSource.Tip;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.Feerate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The node's estimate within bounds, asked once a block, as nodes themselves learn by blocks; and
 * never below what the mempool takes at the moment, not even by the ceiling: such a transaction
 * would not be relayed.
 */
final class FeeEstimate {
  /** Half an hour. */
  private static final int TARGET_BLOCKS = 3;

  /** In bitcoin per 1000 virtual bytes: more than any block ever cost; beyond it is no feerate. */
  private static final BigDecimal MOST = BigDecimal.TEN;

  private final BitcoindRpc rpc;
  private final FeerateBounds bounds;
  private Optional<Known> known = Optional.empty();

  private record Known(Tip tip, Feerate feerate) {}

  FeeEstimate(BitcoindRpc rpc, FeerateBounds bounds) {
    this.rpc = rpc;
    this.bounds = bounds;
  }

  Feerate at(Tip tip) {
    Optional<Known> present = known.filter(old -> old.tip.equals(tip));
    List<Call> calls = new ArrayList<>(List.of(Call.of("getmempoolinfo")));
    if (present.isEmpty()) {
      calls.add(Call.of("estimatesmartfee", TARGET_BLOCKS, "economical"));
    }
    List<BitcoindRpc.Answer> answers = rpc.askAll(calls);
    Feerate minimum = minimum(answers.getFirst().orThrow());
    Feerate estimate =
        present.map(Known::feerate).orElseGet(() -> estimate(answers.getLast().orThrow()));
    known = Optional.of(new Known(tip, estimate));
    return highest(estimate, minimum);
  }

  private Feerate estimate(Json answer) {
    // Without enough blocks to learn from the answer has "errors" and no feerate.
    return bounds.clamp(answer.find("feerate").map(FeeEstimate::perKw).orElse(bounds.fallback()));
  }

  /** What the node relays at all, and what its mempool asks when it is full. */
  private static Feerate minimum(Json mempool) {
    return highest(least(mempool.at("mempoolminfee")), least(mempool.at("minrelaytxfee")));
  }

  private static Feerate highest(Feerate one, Feerate other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private static Feerate perKw(Json bitcoinPerKvb) {
    return of(bitcoinPerKvb, 250);
  }

  /** With {@link Feerate#MINIMUM_RELAY}'s room: nodes count the bytes that were begun. */
  private static Feerate least(Json bitcoinPerKvb) {
    return of(bitcoinPerKvb, Feerate.MINIMUM_RELAY.satoshiPerKw());
  }

  /**
   * From bitcoin per 1000 virtual bytes, rounded up.
   *
   * @param satoshiPerKw what 1 satoshi a virtual byte is taken for
   */
  private static Feerate of(Json bitcoinPerKvb, long satoshiPerKw) {
    BigDecimal bitcoin = bitcoinPerKvb.decimal();
    if (bitcoin.signum() < 0 || bitcoin.compareTo(MOST) > 0) {
      throw new ChainException("the node gives no feerate but " + bitcoin);
    }
    return new Feerate(
        bitcoin
            .movePointRight(8)
            .multiply(BigDecimal.valueOf(satoshiPerKw, 3))
            .setScale(0, RoundingMode.CEILING)
            .longValueExact());
  }
}
