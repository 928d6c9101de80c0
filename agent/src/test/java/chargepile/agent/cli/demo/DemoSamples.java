package chargepile.agent.cli.demo;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.TxId;
import java.time.Duration;
import java.util.List;

/** Results of demos that did not run. */
final class DemoSamples {
  private static final DemoResult.UpdateTime TIMES =
      new DemoResult.UpdateTime(Duration.ofNanos(1_872_345), Duration.ofNanos(4_200_000));

  private DemoSamples() {}

  /** 5412 Wh for 5412 sat, closed by both. */
  static BitcoinDemoResult charged() {
    return result(5412, 5412, 5_412_000, DemoOutcome.COOPERATIVE_CLOSE);
  }

  /** Stopped after 2701 Wh, of which 2600 are paid. */
  static BitcoinDemoResult vanished() {
    return result(2701, 2600, 2_600_000, DemoOutcome.UNILATERAL_CLOSE);
  }

  private static BitcoinDemoResult result(
      long wattHours, long paid, long msat, DemoOutcome outcome) {
    return new BitcoinDemoResult(
        Duration.ofSeconds(2720),
        MilliWattHours.ofWattHours(wattHours),
        MilliWattHours.ZERO,
        MilliWattHours.ofWattHours(paid),
        55,
        new Amount(msat),
        MilliWattHours.ofWattHours(100),
        56,
        outcome,
        new TxId("01".repeat(32)),
        List.of(new TxId("02".repeat(32))),
        new Satoshi(msat / 1000),
        new Satoshi(999_630 - msat / 1000),
        new Satoshi(370),
        new Satoshi(1_000_000),
        TIMES,
        "memory",
        "embedded",
        "libsecp256k1",
        151_552);
  }
}
