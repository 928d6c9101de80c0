package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Payments under a hash-time lock in one channel (P2-17). */
class LockTest extends LockedPair {
  @Test
  void isToldToItsPayeeAndReservedByItsPayer() {
    pair.lock(driver, 500, HOUR);
    var told = pile.last(VoucherNotice.HtlcReceived.class).orElseThrow();
    assertEquals(1, told.id());
    assertEquals(new Amount(500), told.amount());
    assertEquals(PREIMAGE.sha256(), told.paymentHash());
    assertEquals(pair.ledger.time() + HOUR, told.expiry());
    assertEquals(new ByteVector("0bad"), told.onion());
    assertEquals(new Amount(46_500), driver.standing().spendable(IMPORT));
    assertEquals(new Amount(46_500), pile.standing().spendable(IMPORT));
    assertEquals(new Amount(3000), pile.standing().spendable(EXPORT), "not yet the payee's");
  }

  @Test
  void isPaidByAnOrdinaryVoucherOfTheWholeForItsPreimage() {
    pair.lock(driver, 500, HOUR);
    fulfil(pile);
    pair.run();
    assertPaidOffChain(3500);
    var told = driver.last(VoucherNotice.HtlcFulfilled.class).orElseThrow();
    assertEquals(new VoucherNotice.HtlcFulfilled(1, PREIMAGE), told);
    assertEquals(new Amount(3500), pile.standing().spendable(EXPORT));
    pair.lock(driver, 100, HOUR);
    assertEquals(2, pile.book().taken().orElseThrow().id());
    fulfil(pile);
    pair.run();
    assertPaidOffChain(3600);
  }

  @Test
  void theMeteringSidePaysUnderOneToo() {
    pair.lock(pile, 700, HOUR);
    fulfil(driver);
    pair.run();
    assertEquals(new Amount(700), driver.book().paidBy(Party.B));
    assertTrue(pile.book().offered().isEmpty());
    assertEquals(new Amount(2300), pile.standing().spendable(EXPORT));
  }

  @Test
  void vouchersThatAreGivenMeanwhileRenewIt() {
    pair.lock(driver, 500, HOUR);
    pair.lock(pile, 700, HOUR);
    pair.charge(IMPORT, 2_000_000, 6000);
    pair.charge(EXPORT, 200_000, 400);
    Lock lock = pile.book().taken().orElseThrow();
    assertEquals(new Amount(6500), lock.voucher().cumulative());
    assertEquals(1, lock.id());
    assertEquals(2, lock.voucher().seq());
    assertEquals(new Amount(1100), driver.book().taken().orElseThrow().voucher().cumulative());
    fulfil(pile);
    fulfil(driver);
    pair.run();
    assertEquals(new Amount(6500), pile.book().paidBy(Party.A));
    assertEquals(new Amount(1100), driver.book().paidBy(Party.B));
    assertEquals(driver.book().payouts(), pile.book().payouts());
  }

  @Test
  void isRefusedBeyondWhatCanBePaidOrWaitedFor() {
    refused(47_001, HOUR, "47,000");
    refused(500, VoucherLedger.MAX_LOCK + 1, "longer");
    refused(500, 1200, "shorter");
    pair.lock(driver, 500, HOUR);
    refused(500, HOUR, "lock 1 is not settled yet");
    assertEquals(1, driver.book().own().lockSeq());
  }

  private void refused(long amount, long seconds, String reason) {
    int told = driver.told.size();
    pair.lock(driver, amount, seconds);
    assertTrue(
        driver.told.subList(told, driver.told.size()).toString().contains(reason),
        () -> driver.told.toString());
  }

  @Test
  void thatIsGivenBackStaysReservedUntilItExpired() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FailHtlc(1, new ByteVector("beef")));
    pair.run();
    assertEquals(
        new VoucherNotice.HtlcFailed(1, new ByteVector("beef")),
        driver.last(VoucherNotice.HtlcFailed.class).orElseThrow());
    assertEquals(new Amount(46_500), driver.standing().spendable(IMPORT));
    pair.block(HOUR);
    pair.blocks(12 + VoucherLedger.FINALITY);
    assertTrue(driver.last(VoucherNotice.HtlcLapsed.class).isPresent());
    assertEquals(new Amount(47_000), driver.standing().spendable(IMPORT));
    pair.charge(IMPORT, 2_000_000, 6000);
    assertPaidOffChain(6000);
  }

  @Test
  void thePayerForgetsItLaterThanThePayee() {
    pair.lock(driver, 500, HOUR);
    pair.block(HOUR);
    pair.blocks(VoucherLedger.FINALITY);
    assertTrue(pile.book().taken().isEmpty());
    assertTrue(driver.book().offered().isPresent());
    pair.charge(IMPORT, 2_000_000, 6000);
    assertEquals(new Amount(6000), pile.book().paidBy(Party.A));
    pair.blocks(12);
    pair.charge(IMPORT, 3_000_000, 9000);
    assertPaidOffChain(9000);
  }

  /** The preimage may be public since just before the expiry. */
  @Test
  void thePayeeForgetsItOnlyOnceTheChainWasAsked() throws MalformedMessageException {
    pair.lock(driver, 500, HOUR);
    pair.ledger.mine(HOUR);
    pile.look();
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 2_000_000, 6000)));
    pair.deliver(pile);
    var given = (VoucherGiven) VoucherMessageCodec.decode(driver.said.remove());
    VoucherBook before = pile.book();
    pile.on(new VoucherEvent.Received(new VoucherGiven(given.channelId(), given.proof())));
    assertEquals(before, pile.book());
    pile.stage(Normal.class);
    assertTrue(pile.alerts.getLast().contains("not final yet"), pile.alerts::toString);
    pile.alerts.clear();
    pair.blocks(12 + VoucherLedger.FINALITY);
    pair.connect();
    pair.run();
    assertPaidOffChain(6000);
  }

  @Test
  void aWrongPreimageOfTheOwnSideIsRefusedAndOneOfThePeersEndsTheChannel() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FulfillHtlc(1, WRONG));
    assertTrue(pile.last(VoucherNotice.CommandRefused.class).isPresent());
    driver.on(new VoucherEvent.Received(new LockPreimage(driver.book().id(), 1, WRONG)));
    driver.stage(Closing.class);
    assertTrue(driver.alerts.getLast().contains("does not open"));
    pair.settle();
    pair.settle();
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void anAnswerThatGotLostIsTakenInAfterTheReconnection() {
    pair.lock(driver, 500, HOUR);
    fulfil(pile);
    pair.deliver(pile);
    assertEquals(Status.PAID, driver.book().offered().orElseThrow().status());
    pair.connect();
    pair.run();
    assertPaidOffChain(3500);
  }

  @Test
  void whatIsLostOfEveryMessageIsSaidAgain() {
    for (int lost = 0; lost < 4; lost++) {
      driver.on(
          new VoucherEvent.AddHtlc(
              new Amount(500), PREIMAGE.sha256(), pair.ledger.time() + HOUR, ByteVector.empty));
      lose(lost == 0);
      fulfil(pile);
      lose(lost == 1);
      pair.deliver(pile);
      lose(lost == 2);
      pair.deliver(driver);
      lose(lost == 3);
      assertPaidOffChain(3000 + 500 * (lost + 1));
    }
  }

  @Test
  void claimAndLockThatWereAnsweredTogetherAreBothTakenIn() {
    for (boolean lockFirst : List.of(true, false)) {
      long before = pile.book().paidBy(Party.A).value();
      pair.lock(driver, 500, HOUR);
      long energy = pile.standing().paid(VoucherPair.SESSION).imported().energy().value();
      var claim = VoucherPair.claim(IMPORT, energy + 100, energy / 333 + 1000);
      long amount =
          claim.amount().value()
              - pile.standing().paid(VoucherPair.SESSION).imported().amount().value();
      if (lockFirst) {
        fulfil(pile);
      }
      pile.on(new VoucherEvent.ClaimEnergy(claim));
      if (!lockFirst) {
        fulfil(pile);
      }
      pair.deliver(pile);
      pair.deliver(pile);
      pair.connect();
      pair.run();
      assertPaidOffChain(before + 500 + amount);
      assertFalse(pile.standing().isPending());
      assertEquals(claim.total(), pile.standing().paid(VoucherPair.SESSION).imported());
    }
  }
}
