package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Signer;
import chargepile.agent.ocmf.MalformedRecordException;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.Transaction;
import chargepile.agent.store.ReceiptRow;
import fr.acinq.bitcoin.PublicKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A session between the two, undisturbed. */
final class SessionTest {
  @Test
  void everyPulseIsPaid() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.finish();
      nodes.checkPaidInFull();
      assertEquals(466_000, nodes.delivered());
      assertFalse(nodes.hardware.conducting());
    }
  }

  @Test
  void bothKeepTheMetersReceipt() throws MalformedRecordException {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.finish();
      ReceiptRow driver = nodes.driverStore.receipts().getLast();
      ReceiptRow pile = nodes.pileStore.receipts().getLast();
      assertEquals(driver.session(), pile.session());
      assertEquals(driver.meterRecord(), pile.meterRecord());
      assertEquals(driver.meterKey(), pile.meterKey());
      assertEquals(driver.imported(), pile.imported());
      MeterRecord record =
          MeterRecord.parse(
              new String(driver.meterRecord().toByteArray(), StandardCharsets.US_ASCII));
      assertTrue(record.isSignedBy(new PublicKey(driver.meterKey()), Signer.best()));
      assertEquals(466_000, Transaction.of(record.payload()).energy().value());
    }
  }
}
