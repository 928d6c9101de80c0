package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import fr.acinq.bitcoin.ByteVector;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A conditional voucher that is not paid by agreement: what the chain is asked and told. */
class LockDisputeTest extends LockedPair {
  @Test
  void aPreimageThatIsNotAnsweredIsMadePublicInTimeAndPaidOnceThatIsFinal() {
    pair.lock(driver, 500, HOUR);
    pair.disconnect();
    fulfil(pile);
    pair.blocks(3);
    assertEquals(Status.PENDING, pile.book().taken().orElseThrow().status());
    assertTrue(pair.ledger.preimage(PREIMAGE.sha256()).latest().isEmpty(), "there is time");
    pair.block(HOUR - 900);
    pair.block();
    assertTrue(pair.ledger.preimage(PREIMAGE.sha256()).latest().isPresent());
    pair.block(HOUR);
    pair.blocks(VoucherLedger.FINALITY);
    assertEquals(PREIMAGE, driver.last(VoucherNotice.HtlcFulfilled.class).orElseThrow().preimage());
    pair.connect();
    pair.run();
    assertPaidOffChain(3500);
  }

  /** The next look at the chain may come after the expiry. */
  @Test
  void aPublicPreimageThatIsUndoneIsMadePublicAgainWithoutWaitingForTheNextView() {
    pair.lock(driver, 500, HOUR);
    pair.disconnect();
    fulfil(pile);
    pair.block(HOUR - 900);
    pair.block();
    assertEquals(Lock.Seen.LATEST, pile.book().taken().orElseThrow().seen());
    pair.ledger.undo(1);
    pair.ledger.dropTransactions();
    pile.look();
    pile.hearAnswers();
    assertEquals(Lock.Seen.NOWHERE, pile.book().taken().orElseThrow().seen());
    pair.ledger.mine();
    assertTrue(pair.ledger.preimage(PREIMAGE.sha256()).latest().isPresent());
    pair.block(HOUR);
    pair.blocks(VoucherLedger.FINALITY);
    pair.connect();
    pair.run();
    assertPaidOffChain(3500);
  }

  @Test
  void aPreimageThatComesLateIsNotPaidUnlessTheChainHasIt() {
    pair.lock(driver, 500, HOUR);
    pile.actsOnChain = false;
    pair.block(HOUR - 100);
    fulfil(pile);
    pair.run();
    assertEquals(new Amount(3000), driver.book().paidBy(Party.A));
    pile.actsOnChain = true;
    pair.blocks(2);
    assertEquals(new Amount(3000), driver.book().paidBy(Party.A), "it may be undone");
    pair.blocks(1 + VoucherLedger.FINALITY);
    pair.block();
    assertPaidOffChain(3500);
  }

  @Test
  void thatIsMadePublicTooLateIsNeverPaid() {
    pair.lock(driver, 500, HOUR);
    pile.actsOnChain = false;
    pair.block(HOUR - 100);
    fulfil(pile);
    pair.run();
    pair.block(100);
    pair.ledger.send(
        pile.address,
        new VoucherAction.RegisterPreimage(pile.book().setup(), PREIMAGE, pair.ledger.time()));
    pair.blocks(14 + VoucherLedger.FINALITY);
    assertPaidOffChain(3000);
    assertTrue(driver.last(VoucherNotice.HtlcLapsed.class).isPresent());
  }

  @Test
  void aPeerThatIsThereAndDoesNotPayWhatIsDueIsClosedOn() {
    pair.lock(driver, 500, HOUR);
    fulfil(pile);
    for (int i = 0; i < 18; i++) {
      driver.said.clear();
      pile.said.clear();
      pair.ledger.mine(HOUR / 6);
      pile.look();
      pile.hearAnswers();
    }
    pile.stage(Closing.class);
    driver.actsOnChain = false;
    pair.settle();
    pair.settle();
    assertEquals(1_003_500, pair.ledger.balance(pile.address));
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
  }

  @Test
  void aChannelThatClosesWaitsForThePreimageAndPaysIt() {
    pair.lock(driver, 500, 3 * HOUR);
    pair.disconnect();
    driver.on(new VoucherEvent.CloseUnilaterally("out of it"));
    pair.blocks(3);
    pair.block(2 * HOUR);
    pair.block();
    pile.stage(Closing.class);
    fulfil(pile);
    pair.block();
    pair.block();
    pair.block(HOUR);
    pair.settle();
    pair.settle();
    assertEquals(1_003_500, pair.ledger.balance(pile.address));
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertTrue(driver.last(VoucherNotice.HtlcFulfilled.class).isPresent());
  }

  /**
   * A payer that closes without what it was paid would have the contract find the lock too large.
   */
  @Test
  void itsPayeeMakesKnownWhatItHasPaidItself() {
    pair.charge(IMPORT, 2_000_000, 40_000);
    pair.charge(EXPORT, 2_000_000, 35_000);
    pair.charge(IMPORT, 3_000_000, 60_000);
    pair.lock(driver, 500, 3 * HOUR);
    pair.disconnect();
    pair.ledger.send(
        driver.address, new VoucherAction.RequestClose(driver.book().setup(), Optional.empty()));
    driver.actsOnChain = false;
    pair.blocks(3);
    pair.block(2 * HOUR);
    fulfil(pile);
    for (int i = 0; i < 16; i++) {
      pair.block(HOUR / 4);
    }
    pair.blocks(4);
    assertEquals(1_025_500, pair.ledger.balance(pile.address));
  }

  @Test
  void withoutThePreimageThePayerHasItBack() {
    pair.lock(driver, 500, 3 * HOUR);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("out of it"));
    for (int i = 0; i < 20; i++) {
      pair.block(HOUR / 3);
    }
    pair.blocks(4);
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
    assertEquals(997_000, pair.ledger.balance(driver.address));
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertTrue(driver.last(VoucherNotice.HtlcLapsed.class).isPresent());
  }

  @Test
  void aStaleCloseIsAnsweredWithTheLockOnTop() {
    pair.lock(driver, 500, HOUR);
    pair.charge(IMPORT, 2_000_000, 6000);
    pair.disconnect();
    pair.ledger.send(
        driver.address, new VoucherAction.RequestClose(driver.book().setup(), Optional.empty()));
    fulfil(pile);
    pair.blocks(3);
    pair.settle();
    pair.settle();
    assertEquals(1_006_500, pair.ledger.balance(pile.address));
  }

  @Test
  void aCooperativeCloseWaitsUntilItIsPaid() {
    pair.lock(driver, 500, HOUR);
    driver.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(2);
    driver.stage(Normal.class);
    fulfil(pile);
    pair.run();
    pair.blocks(2 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_500, pair.ledger.balance(pile.address));
  }

  @Test
  void aCooperativeCloseDoesNotWaitForOneThatIsGivenBack() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(2 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void whatBothClosedWithoutLapses() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    driver.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(2 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, driver.stage(Closed.class).outcome());
    assertTrue(driver.last(VoucherNotice.HtlcLapsed.class).isPresent());
  }

  @Test
  void aLockOnTopOfAnotherOrWithTheSameNumberEndsTheChannel() {
    pair.lock(pile, 700, HOUR);
    LockProof second = signed(100, pair.ledger.time() + HOUR);
    assertEquals(2, second.id());
    driver.on(
        new VoucherEvent.Received(new LockOffer(driver.book().id(), second, ByteVector.empty)));
    driver.stage(Closing.class);
    assertTrue(driver.alerts.getLast().contains("while lock 1 is pending"));
  }

  @Test
  void aCooperativeCloseWaitsUntilItExpired() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.block(HOUR);
    pair.blocks(16 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aPayerThatLostItIsShownIt() {
    byte[] old = driver.stored;
    pair.lock(driver, 500, HOUR);
    driver.stored = old;
    driver.signed.clear();
    driver.locked.clear();
    driver.die();
    pair.connect();
    pair.deliver(pile);
    driver.stage(VoucherStage.DataLost.class);
    assertEquals(1, driver.book().own().lockSeq());
  }

  @Test
  void aPayeeThatLostItsStoreStillRedeemsWhatItIsShown() {
    pair.lock(driver, 500, HOUR);
    pair.disconnect();
    pile.state = VoucherChannel.NEW;
    pile.stored = VoucherChannelCodec.encode(pile.state);
    pair.connect();
    pair.run();
    assertEquals(1, pile.book().taken().orElseThrow().id());
    fulfil(pile);
    pair.settle();
    pair.settle();
    assertEquals(1_003_500, pair.ledger.balance(pile.address));
  }
}
