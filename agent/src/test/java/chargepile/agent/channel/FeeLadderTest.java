package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.FeeLadder.Window;
import chargepile.agent.units.BlockHeight;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FeeLadderTest {
  private static final Feerate MAXIMUM = new Feerate(50_000);

  @Property
  void theBidRisesFromBlockToBlock(
      @ForAll @LongRange(min = 0, max = 100_000) long estimate,
      @ForAll @IntRange(min = 2, max = 2016) int total,
      @ForAll @LongRange(min = 0, max = 10_000_000) long stake,
      @ForAll @IntRange(min = 300, max = 10_000) int weight) {
    FeeLadder ladder = new FeeLadder(new Feerate(estimate), MAXIMUM);
    Feerate last = new Feerate(0);
    for (int left = total; left >= 1; left--) {
      Feerate bid = ladder.bid(new Satoshi(stake), Optional.of(new Window(total, left)), weight);
      assertTrue(bid.compareTo(last) >= 0, "never lower than a block before");
      assertTrue(bid.compareTo(MAXIMUM) <= 0);
      assertTrue(bid.compareTo(Feerate.MINIMUM_RELAY) >= 0);
      boolean costsMore = bid.fee(weight).value() > stake;
      assertTrue(!costsMore || bid.equals(Feerate.MINIMUM_RELAY), "never more than the stake");
      last = bid;
    }
  }

  @Property
  void whatReplacesIsTakenByNodes(
      @ForAll @LongRange(min = 100, max = 1_000_000) long paid,
      @ForAll @IntRange(min = 400, max = 20_000) int paidWeight,
      @ForAll @IntRange(min = 400, max = 20_000) int weight) {
    Feerate needed = FeeLadder.toReplace(new Satoshi(paid), paidWeight, weight);
    Satoshi fee = new Satoshi(needed.fee(weight).value() + 1);
    assertTrue(FeeLadder.replaces(new Satoshi(paid), paidWeight, fee, weight));
    assertTrue(fee.value() - paid >= (weight + 3) / 4, "pays for its own relay (BIP 125)");
    assertTrue(fee.value() * paidWeight > paid * weight, "at a higher feerate");
  }

  @Test
  void withoutADeadlineItIsTheEstimateAndATenthOfTheStakeAtMost() {
    FeeLadder ladder = new FeeLadder(new Feerate(2000), MAXIMUM);
    assertEquals(new Feerate(2000), ladder.bid(new Satoshi(1_000_000), Optional.empty(), 500));
    assertEquals(new Feerate(1000), ladder.bid(new Satoshi(5_000), Optional.empty(), 500));
    assertEquals(Feerate.MINIMUM_RELAY, ladder.bid(new Satoshi(400), Optional.empty(), 500));
  }

  @Test
  void atTheDeadlineItIsTheEstimateTimesTheBlocksThereWere() {
    FeeLadder ladder = new FeeLadder(new Feerate(500), MAXIMUM);
    assertEquals(new Feerate(500), ladder.target(Optional.of(new Window(50, 50))));
    assertEquals(new Feerate(1000), ladder.target(Optional.of(new Window(50, 25))));
    assertEquals(new Feerate(25_000), ladder.target(Optional.of(new Window(50, 1))));
  }

  @Test
  void aNodeThatAsksForAnythingIsOfferedTheMaximum() {
    FeeLadder ladder = new FeeLadder(new Feerate(Long.MAX_VALUE), MAXIMUM);
    assertEquals(MAXIMUM, ladder.target(Optional.empty()));
    assertEquals(MAXIMUM, ladder.target(Optional.of(new Window(2016, 1))));
  }

  @Test
  void aWindowEndsWithTheLastBlockBeforeTheDeadline() {
    assertEquals(new Window(50, 50), Window.until(150, 50, new BlockHeight(99)));
    assertEquals(new Window(50, 49), Window.until(150, 50, new BlockHeight(100)));
    assertEquals(new Window(50, 1), Window.until(150, 50, new BlockHeight(148)));
    assertEquals(new Window(50, 1), Window.until(150, 50, new BlockHeight(170)));
  }

  @Test
  void aQuarterMoreIsWorthAnotherTransactionAndLessIsNot() {
    assertFalse(FeeLadder.raises(new Feerate(1000), new Feerate(1249)));
    assertTrue(FeeLadder.raises(new Feerate(1000), new Feerate(1250)));
    assertFalse(
        FeeLadder.replaces(new Satoshi(1000), 500, new Satoshi(1100), 500), "changes nothing");
    assertFalse(FeeLadder.replaces(new Satoshi(100), 500, new Satoshi(130), 500), "pays no relay");
    assertTrue(FeeLadder.replaces(new Satoshi(1000), 500, new Satoshi(1300), 500));
  }
}
