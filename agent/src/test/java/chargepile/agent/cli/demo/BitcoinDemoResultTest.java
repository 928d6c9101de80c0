package chargepile.agent.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Satoshi;
import org.junit.jupiter.api.Test;

class BitcoinDemoResultTest {
  private static BitcoinDemoResult withFees(long fees) {
    BitcoinDemoResult result = DemoSamples.charged();
    return new BitcoinDemoResult(
        result.charged(),
        result.imported(),
        result.exported(),
        result.paid(),
        result.increments(),
        result.amount(),
        result.maxUnpaid(),
        result.commitments(),
        result.outcome(),
        result.funding(),
        result.settlement(),
        result.pileReceived(),
        result.driverReceived(),
        new Satoshi(fees),
        result.capacity(),
        result.updateTime(),
        result.transport(),
        result.chain(),
        result.signer(),
        result.storeBytes());
  }

  @Test
  void whatBothReceivedAndTheFeesAreTheCapacity() {
    assertEquals(new Satoshi(370), withFees(370).fees());
  }

  @Test
  void aSatoshiTooFewIsNoResult() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> withFees(369));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .contains("pile 5412 + driver 994218 + fees 369 = 999999 sat"),
        refusal.getMessage());
  }
}
