package chargepile.agent.voucher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PayoutsTest {
  private static final long HALF = Long.MAX_VALUE / 2;

  @Property
  void isTheContractsArithmeticStepByStep(
      @ForAll @LongRange(max = HALF) long depositA,
      @ForAll @LongRange(max = HALF) long depositB,
      @ForAll @LongRange long paidByA,
      @ForAll @LongRange long paidByB) {
    Payouts payouts = payouts(depositA, depositB, paidByA, paidByB);
    BigInteger deposits = number(depositA).add(number(depositB));
    BigInteger plus = number(depositB).add(number(paidByA));
    BigInteger minus = number(paidByB);
    BigInteger ofB = plus.compareTo(minus) <= 0 ? BigInteger.ZERO : plus.subtract(minus);
    if (ofB.compareTo(deposits) > 0) {
      ofB = deposits;
    }
    assertEquals(ofB, number(payouts.b().value()));
    assertEquals(deposits.subtract(ofB), number(payouts.a().value()));
  }

  @Property
  void paysOutWhatWasPutIn(
      @ForAll @LongRange(max = HALF) long depositA,
      @ForAll @LongRange(max = HALF) long depositB,
      @ForAll @LongRange long paidByA,
      @ForAll @LongRange long paidByB) {
    Payouts payouts = payouts(depositA, depositB, paidByA, paidByB);
    assertEquals(new Amount(depositA + depositB), payouts.a().plus(payouts.b()));
  }

  /** What makes the off-chain check enough: c_AB at most D_A + c_BA. */
  @Property
  void aCoveredReceiverGetsAllWhateverTheOtherPresents(
      @ForAll @LongRange(max = HALF) long depositA,
      @ForAll @LongRange(max = HALF) long depositB,
      @ForAll @LongRange(max = HALF) long paidByB,
      @ForAll @LongRange(max = HALF) long share,
      @ForAll @LongRange(max = HALF) long presented) {
    long paidByA = Math.min(share, depositA + Math.min(paidByB, depositB));
    long shown = Math.min(presented, paidByB);
    if (paidByB - paidByA > depositB) {
      return; // B never pays more than it has
    }
    long due = depositB + paidByA - paidByB;
    assertTrue(payouts(depositA, depositB, paidByA, shown).b().value() >= due);
  }

  /** A better voucher only ever helps whom it pays. */
  @Property
  void aLaterVoucherMovesMoneyToItsReceiverAlone(
      @ForAll @LongRange(max = HALF) long depositA,
      @ForAll @LongRange(max = HALF) long depositB,
      @ForAll @LongRange(max = HALF) long paidByA,
      @ForAll @LongRange(max = HALF) long paidByB,
      @ForAll @LongRange(max = HALF) long more) {
    Payouts before = payouts(depositA, depositB, paidByA, paidByB);
    Payouts after = payouts(depositA, depositB, paidByA + more, paidByB);
    assertTrue(after.b().compareTo(before.b()) >= 0);
    assertTrue(after.a().compareTo(before.a()) <= 0);
  }

  @Test
  void depositsThatNoAmountHoldsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new Deposits(new Amount(Long.MAX_VALUE), new Amount(1)));
  }

  @Property
  void whatAContractSaysIsToldAsFarAsItFits(
      @ForAll @LongRange long a, @ForAll @LongRange long b, @ForAll boolean huge) {
    BigInteger factor = huge ? BigInteger.TWO.pow(64) : BigInteger.ONE;
    Deposits told = Deposits.told(number(a).multiply(factor), number(b).multiply(factor));
    assertTrue(number(told.a().value()).compareTo(number(a).multiply(factor)) <= 0);
    if (!huge && a <= HALF && b <= HALF) {
      assertEquals(new Deposits(new Amount(a), new Amount(b)), told);
    }
  }

  private static Payouts payouts(long depositA, long depositB, long paidByA, long paidByB) {
    return Payouts.of(
        new Deposits(new Amount(depositA), new Amount(depositB)),
        new Amount(paidByA),
        new Amount(paidByB));
  }

  private static BigInteger number(long value) {
    return BigInteger.valueOf(value);
  }
}
