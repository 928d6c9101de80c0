package chargepile.agent.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FeeReserveTest {
  private static final FeeReserve RESERVE = new FeeReserve(new Satoshi(50_000));

  @Test
  void itPaysForACommitmentAndItsChildAtTheHighestFeerate() {
    assertEquals(new Satoshi(52_825), FeeReserve.at(new Feerate(25_000)).perChannel());
  }

  @Test
  void everyChannelNeedsItsOwn() {
    assertEquals(Satoshi.ZERO, RESERVE.missing(Satoshi.ZERO, 0));
    assertEquals(new Satoshi(50_000), RESERVE.missing(Satoshi.ZERO, 1));
    assertEquals(new Satoshi(1), RESERVE.missing(new Satoshi(149_999), 3));
    assertEquals(Satoshi.ZERO, RESERVE.missing(new Satoshi(150_000), 3));
  }

  @Test
  void aNewChannelGetsWhatIsLeftWhenItsOwnReserveIsKeptToo() {
    assertEquals(new Satoshi(400_000), RESERVE.spendable(new Satoshi(500_000), 2));
    assertEquals(Satoshi.ZERO, RESERVE.spendable(new Satoshi(90_000), 2));
  }

  @Test
  void itAlertsWhenTheStateChangesAndOnlyThen() {
    Satoshi poor = new Satoshi(80_000);
    Satoshi rich = new Satoshi(100_000);

    Optional<String> first = RESERVE.alert(Satoshi.ZERO, poor, 2);

    assertEquals(
        Optional.of(
            "the wallet lacks 20000 sat of the 100000 sat it must keep to close 2 channels when"
                + " fees are high: pay to it"),
        first);
    Satoshi missing = RESERVE.missing(poor, 2);
    assertTrue(RESERVE.alert(missing, poor, 2).isEmpty());
    assertTrue(RESERVE.alert(missing, new Satoshi(70_000), 2).isEmpty());
    assertEquals(
        Optional.of("the wallet has the 100000 sat again that it must keep to close 2 channels"),
        RESERVE.alert(missing, rich, 2));
    assertTrue(RESERVE.alert(Satoshi.ZERO, rich, 2).isEmpty());
  }
}
