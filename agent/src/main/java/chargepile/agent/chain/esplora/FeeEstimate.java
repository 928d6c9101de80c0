package chargepile.agent.chain.esplora;

import chargepile.agent.chain.FeerateBounds;
import chargepile.agent.chain.json.Json;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.BlockHash;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The server's estimate within bounds, asked once a block, as nodes themselves learn by blocks. */
final class FeeEstimate {
  /** Half an hour. */
  private static final int TARGET_BLOCKS = 3;

  /** More than any block ever cost; beyond it a number is no feerate. */
  private static final BigDecimal MOST_PER_VBYTE = BigDecimal.valueOf(1_000_000);

  /**
   * With {@link Feerate#MINIMUM_RELAY}'s room: an estimate may be the least that the mempool takes,
   * and nodes count the bytes that were begun.
   */
  private static final BigDecimal PER_KW = BigDecimal.valueOf(Feerate.MINIMUM_RELAY.satoshiPerKw());

  private final EsploraApi api;
  private final FeerateBounds bounds;
  private Optional<Known> known = Optional.empty();

  private record Known(BlockHash tip, Feerate feerate) {}

  FeeEstimate(EsploraApi api, FeerateBounds bounds) {
    this.api = api;
    this.bounds = bounds;
  }

  Feerate at(BlockHash tip) {
    Known present = known.filter(old -> old.tip.equals(tip)).orElseGet(() -> new Known(tip, ask()));
    known = Optional.of(present);
    return present.feerate;
  }

  /** A node that has not enough blocks to learn from leaves the list empty. */
  private Feerate ask() {
    return bounds.clamp(api.get("/fee-estimates", FeeEstimate::wanted).orElse(bounds.fallback()));
  }

  private static Optional<Feerate> wanted(Json estimates) {
    if (!(estimates instanceof Json.Fields(Map<String, Json> byTarget))) {
      throw new IllegalArgumentException("no object with a feerate for each number of blocks");
    }
    TreeMap<Integer, Feerate> feerates = new TreeMap<>();
    byTarget.forEach((blocks, feerate) -> feerates.put(Integer.valueOf(blocks), perKw(feerate)));
    if (feerates.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<Integer, Feerate> inTime = feerates.floorEntry(TARGET_BLOCKS);
    return Optional.of((inTime == null ? feerates.firstEntry() : inTime).getValue());
  }

  /** From satoshi per virtual byte; rounded up, so that no minimum is missed. */
  private static Feerate perKw(Json satoshiPerVbyte) {
    BigDecimal value = satoshiPerVbyte.decimal();
    if (value.signum() < 0 || value.compareTo(MOST_PER_VBYTE) > 0) {
      throw new IllegalArgumentException("no feerate in satoshi a virtual byte but " + value);
    }
    return new Feerate(value.multiply(PER_KW).setScale(0, RoundingMode.CEILING).longValueExact());
  }
}
