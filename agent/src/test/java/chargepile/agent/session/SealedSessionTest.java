package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionLifeTest.with;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.ocmf.MalformedRecordException;
import chargepile.agent.ocmf.MeterRecord;
import chargepile.agent.ocmf.ObisCode;
import chargepile.agent.ocmf.Transaction;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.Satoshi;
import fr.acinq.bitcoin.ByteVector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pile whose meter signs, and a driver that checks what it signed. */
class SealedSessionTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @EnumSource
  void everyPaymentRestsOnARecordAndTheReceiptOnTheWholeSession(TestLedger.Kind ledger)
      throws Exception {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 5, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(1));

      List<MeterRecord> records = paid(world);
      for (int i = 0; i < records.size(); i++) {
        assertEquals("T" + (i + 1), records.get(i).payload().page().toString());
        assertSigned(records.get(i));
      }
      Receipt kept = world.driver.receipts.getLast();
      assertEquals(kept.meterRecord(), world.pile.receipts.getLast().meterRecord());
      assertEquals(kept.paid(), world.pile.receipts.getLast().paid());
      MeterRecord receipt = only(kept.meterRecord());
      assertSigned(receipt);
      assertEquals("T" + (records.size() + 1), receipt.payload().page().toString());
      Transaction charged = Transaction.of(receipt.payload());
      assertEquals(List.of(), charged.objections(receipt.payload()));
      assertEquals(kept.summary().orElseThrow().importDelivered(), charged.energy());
      assertEquals(kept.paid().imported().energy(), charged.energy());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionInBothDirectionsHasARecordOfEach(TestLedger.Kind ledger) throws Exception {
    DriverPolicy generous =
        with(
            DRIVER,
            new DriverPolicy.Funding(
                new Satoshi(100_000), new Amount(50_000_000), new Feerate(500)));
    try (SessionWorld world =
        charging(ledger, with(PILE, EnumSet.allOf(Direction.class)), generous)) {
      world.runUntil(() -> world.pile.session().updates() >= 2, HOUR);
      world.meter.power(-7_000);
      world.runUntil(() -> world.driver.paid().exported().energy().value() > 0, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(1));

      Receipt kept = world.driver.receipts.getLast();
      List<MeterRecord> records = all(kept.meterRecord());
      assertEquals(
          List.of(ObisCode.IMPORT_TOTAL, ObisCode.EXPORT_TOTAL),
          records.stream().map(r -> r.payload().readings().getLast().quantity()).toList());
      assertEquals(
          kept.summary().orElseThrow().exportDelivered(),
          Transaction.of(records.getLast().payload()).energy());
      assertEquals(List.of(), world.driver.alerts);
    }
  }

  /** Killed and cut off at many moments, every number stands for one record. */
  @ParameterizedTest
  @EnumSource
  void noNumberIsUsedTwice(TestLedger.Kind ledger) throws Exception {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      for (int i = 0; i < 40; i++) {
        world.run(Duration.ofMillis(9_973L + 371L * i));
        if (i % 3 == 0) {
          world.driver.restart();
        }
        world.pile.restart();
        world.connect();
      }
      world.runUntil(() -> world.pile.session().updates() >= 3, HOUR);
      world.pile.plug(false);
      world.runUntil(world.pile::isEnded, HOUR);
      world.run(Duration.ofSeconds(1));

      Map<String, String> seen = new HashMap<>();
      for (PeerMessage message : world.pile.said) {
        if (message instanceof PeerMessage.OfLeg(var said) && said.claim().isPresent()) {
          MeterRecord record = only(said.claim().get().meterRecord());
          String text = seen.put(record.payload().page().toString(), record.text());
          assertTrue(text == null || text.equals(record.text()), record.text());
        }
      }
      assertFalse(seen.isEmpty());
      assertEquals(0, world.driver.told(DriverNotice.ClaimRefused.class).size());
      MeterRecord receipt = only(world.driver.receipts.getLast().meterRecord());
      assertFalse(seen.containsKey(receipt.payload().page().toString()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPileThatSaysNothingMoreLeavesItsLastRecord(TestLedger.Kind ledger) throws Exception {
    try (SessionWorld world = charging(ledger, PILE, DRIVER)) {
      world.runUntil(() -> world.pile.session().updates() == 2, HOUR);
      world.run(Duration.ofSeconds(1));
      List<MeterRecord> records = paid(world);
      assertEquals(records.getLast(), only(world.driver.state.session().orElseThrow().record()));
      world.driver.restart();
      assertEquals(records.getLast(), only(world.driver.state.session().orElseThrow().record()));
    }
  }

  private static List<MeterRecord> paid(SessionWorld world) throws MalformedRecordException {
    List<MeterRecord> records = new ArrayList<>();
    for (DriverNotice.EnergyPaid paid : world.driver.told(DriverNotice.EnergyPaid.class)) {
      records.add(only(paid.claim().meterRecord()));
    }
    return records;
  }

  private static MeterRecord only(ByteVector record) throws MalformedRecordException {
    List<MeterRecord> all = all(record);
    assertEquals(1, all.size());
    return all.getFirst();
  }

  private static List<MeterRecord> all(ByteVector records) throws MalformedRecordException {
    List<MeterRecord> all = new ArrayList<>();
    for (String line : new String(records.toByteArray(), StandardCharsets.US_ASCII).split("\n")) {
      all.add(MeterRecord.parse(line));
    }
    return all;
  }

  private static void assertSigned(MeterRecord record) {
    assertTrue(
        record.isSignedBy(PileSide.METER.signer().publicKey(), SessionWorld.SIGNER), record.text());
  }
}
