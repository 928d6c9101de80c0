package chargepile.agent.evm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** What transactions may cost. */
class FeePolicyTest {
  private static final FeePolicy FEES =
      new FeePolicy(Wei.of(100), Wei.ofGwei(50), Wei.ofGwei(900), 3, Duration.ofHours(1));

  private static FeeHistory history(long baseFee, long... tips) {
    return new FeeHistory(
        Wei.of(baseFee), java.util.Arrays.stream(tips).mapToObj(Wei::of).toList());
  }

  @Test
  void theFirstBidIsTwiceTheBaseFeeAndTheUsualTip() {
    assertEquals(
        new FeeBid(Wei.of(2300), Wei.of(300)), FEES.first(history(1000, 300, 200, 900), false));
    assertEquals(new FeeBid(Wei.of(2100), Wei.of(100)), FEES.first(history(1000), false));
  }

  @Test
  void aLadderEndsAtTheCap() {
    FeeHistory dear = history(40_000_000_000L);
    FeeBid bid = ladder(history(1), dear, false);
    assertTrue(bid.max().compareTo(FEES.cap()) <= 0, bid.toString());
    assertTrue(bid.raised().max().compareTo(FEES.cap()) > 0, bid.toString());
    assertTrue(FEES.next(bid, dear, true).isPresent(), "an urgent one may cost more");
  }

  /** The last bid there is when a base fee stays as it is. */
  private static FeeBid ladder(FeeHistory begin, FeeHistory then, boolean urgent) {
    FeeBid bid = FEES.first(begin, urgent);
    int steps = 0;
    Optional<FeeBid> next = FEES.next(bid, then, urgent);
    while (next.isPresent()) {
      bid = next.get();
      next = FEES.next(bid, then, urgent);
      assertTrue(++steps < 400, "a ladder without end");
    }
    return bid;
  }

  @Test
  void aLadderEndsWhereTheBaseFeeAsksForNoMore() {
    FeeHistory quiet = history(5_000_000_000L);
    Wei first = FEES.first(quiet, true).max();
    FeeBid patient = ladder(quiet, quiet, false);
    FeeBid urgent = ladder(quiet, quiet, true);
    assertTrue(patient.max().compareTo(first.times(2)) <= 0, patient.toString());
    assertTrue(urgent.max().compareTo(first.times(4)) <= 0, urgent.toString());
    assertTrue(urgent.raised().max().compareTo(first.times(4)) > 0, urgent.toString());
    FeeBid after = new FeeBid(Wei.ofGwei(500), Wei.of(100));
    assertEquals(Optional.empty(), FEES.next(after, quiet, true), "the spike is over");
  }

  @Test
  void theFirstBidIsWhatCanBePaidAndEnoughForTheNextBlock() {
    FeeHistory now = history(1000, 300);
    assertEquals(
        new FeeBid(Wei.of(1500), Wei.of(300)), FEES.first(now, false, Wei.of(1500)), "the purse");
    assertEquals(
        new FeeBid(Wei.of(1100), Wei.of(300)), FEES.first(now, false, Wei.of(7)), "the next block");
    assertEquals(FEES.first(now, false), FEES.first(now, false, Wei.ofGwei(1)));
    assertEquals(FEES.cap(), FEES.first(history(60_000_000_000L), false, Wei.of(7)).max());
  }

  @Test
  void whatCanNotBePaidIsLoweredToWhatCanAsSoonAsABlockTakesThat() {
    FeeBid least = new FeeBid(Wei.of(2000), Wei.of(100));
    assertEquals(
        Optional.of(new FeeBid(Wei.of(1050), Wei.of(100))),
        FEES.lowered(least, history(1000), true, Wei.of(1050)));
    assertEquals(Optional.empty(), FEES.lowered(least, history(1000), true, Wei.of(999)));
    assertEquals(Optional.empty(), FEES.lowered(least, history(1000), true, Wei.of(2500)));
  }

  @Test
  void nothingIsBidBeyondThePurse() {
    FeeBid bid = new FeeBid(Wei.ofGwei(40), Wei.ofGwei(1));
    FeeHistory dear = history(100_000_000_000L);
    assertEquals(
        Optional.of(Wei.ofGwei(90)),
        FEES.next(bid, dear, true, Wei.ofGwei(90)).map(FeeBid::max),
        "as much as there is");
    assertEquals(
        Optional.empty(), FEES.next(bid, dear, true, Wei.ofGwei(44)), "it would replace nothing");
  }

  @Property(tries = 300)
  void aReplacementIsAnEighthDearerInBothAndNeverAboveTheCap(
      @ForAll @LongRange(min = 0, max = 40_000_000_000L) long first,
      @ForAll @LongRange(min = 0, max = 1_000_000_000_000L) long baseFee,
      @ForAll @LongRange(min = 0, max = 10_000_000_000L) long tip,
      @ForAll boolean urgent) {
    FeeBid bid = FEES.first(history(first, tip / 2), urgent);
    assertTrue(bid.max().compareTo(FEES.cap(urgent)) <= 0, bid.toString());
    FEES.next(bid, history(baseFee, tip), urgent)
        .ifPresent(
            next -> {
              assertTrue(eightTimes(next.max()).compareTo(nineTimes(bid.max())) >= 0, "" + next);
              assertTrue(eightTimes(next.tip()).compareTo(nineTimes(bid.tip())) >= 0, "" + next);
              assertTrue(next.max().compareTo(FEES.cap(urgent)) <= 0, "" + next);
            });
  }

  private static BigInteger eightTimes(Wei fee) {
    return fee.value().shiftLeft(3);
  }

  private static BigInteger nineTimes(Wei fee) {
    return fee.value().multiply(BigInteger.valueOf(9));
  }

  @Test
  void ofNoTipsTheUsualOneIsZero() {
    assertEquals(Wei.ZERO, new FeeHistory(Wei.of(1), List.of()).usualTip());
  }
}
