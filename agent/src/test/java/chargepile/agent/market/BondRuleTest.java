package chargepile.agent.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chargepile.agent.units.Amount;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P1-11. */
class BondRuleTest {
  private static final BondRule RULE = new BondRule(new Amount(100_000), new Amount(10_001));

  @ParameterizedTest(name = "{0} W: {1}")
  @CsvSource({
    "7000, 100000",
    "22000, 220022",
    "60000, 600060",
    "350000, 3500350",
    "9998, 100000",
    "9999, 100000",
    "10000, 100010",
    "22001, 220033",
    "22999, 230013",
    "1, 100000",
  })
  void theBondGrowsWithThePowerFromAMinimumOn(long watts, long bond) {
    assertEquals(new Amount(bond), RULE.bond(watts));
  }

  @Test
  void morePowerNeedsATopUpAndLessFreesNothing() {
    assertEquals(new Amount(120_022), RULE.topUp(new Amount(100_000), 22_000));
    assertEquals(Amount.ZERO, RULE.topUp(new Amount(220_022), 7_000));
  }

  @Test
  void itCoversWhatCanBeOwedInADispute() {
    // 300 a kWh for 4 h 10 min is 1250 a kW
    BondRule rule = BondRule.covering(new Amount(5), new Amount(300), Duration.ofMinutes(250));
    assertEquals(new Amount(1250), rule.perKw());
    assertEquals(
        new Amount(1),
        BondRule.covering(Amount.ZERO, new Amount(1), Duration.ofSeconds(1)).perKw());
  }

  @Test
  void itIsFreeAfterTheLongestChallenge() {
    Instant deregistered = Instant.parse("2026-01-01T00:00:00Z");
    assertEquals(
        Instant.parse("2026-01-01T04:00:00Z"),
        BondRule.unlocked(deregistered, Duration.ofHours(4)));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> RULE.bond(0));
    assertThrows(ArithmeticException.class, () -> RULE.bond(Long.MAX_VALUE));
    assertThrows(
        IllegalArgumentException.class,
        () -> BondRule.covering(Amount.ZERO, Amount.ZERO, Duration.ofSeconds(-1)));
  }
}
