package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.codec.MalformedMessageException;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.Lock.Status;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.Normal;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.wire.VoucherMessage.LockFailed;
import chargepile.agent.voucher.wire.VoucherMessage.LockOffer;
import chargepile.agent.voucher.wire.VoucherMessage.LockPreimage;
import chargepile.agent.voucher.wire.VoucherMessage.LockProof;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherGiven;
import chargepile.agent.voucher.wire.VoucherMessageCodec;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payments under a hash-time lock in one channel (P2-17). */
class LockTest {
  private static final ByteVector32 PREIMAGE = VoucherStates.PREIMAGE;
  private static final ByteVector32 WRONG = new ByteVector32("77".repeat(32));
  private static final long HOUR = 3600;

  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void charged() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
  }

  private void fulfil(VoucherPair.Party payee) {
    payee.on(new VoucherEvent.FulfillHtlc(payee.book().taken().orElseThrow().id(), PREIMAGE));
  }

  private void assertPaidOffChain(long paid) {
    for (VoucherPair.Party party : List.of(driver, pile)) {
      assertEquals(new Amount(paid), party.book().paidBy(Party.A), party.name);
      assertTrue(party.book().offered().isEmpty(), party.name);
      assertTrue(party.book().taken().isEmpty(), party.name);
      assertTrue(party.alerts.isEmpty(), party.alerts::toString);
      assertTrue(party.stage(Normal.class).closing().isEmpty());
    }
  }

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

  private void lose(boolean really) {
    if (really) {
      pair.connect();
      pair.run();
    } else {
      pair.deliver(driver);
      pair.deliver(pile);
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
  void whoTakesNoLocksGivesThemBackAtOnce() {
    pair.block(12);
    driver.on(
        new VoucherEvent.Received(
            new LockOffer(
                driver.book().id(),
                signed(700, pair.ledger.time() + 9 * VoucherLedger.MAX_LOCK),
                ByteVector.empty)));
    assertTrue(driver.last(VoucherNotice.HtlcReceived.class).isEmpty());
    assertTrue(driver.book().taken().orElseThrow().failure().isPresent());
    driver.stage(Normal.class);
  }

  private List<ByteVector32> asked(VoucherMachine machine, VoucherPair.Party payee) {
    var view = new VoucherEvent.ChainChanged(pair.ledger.view(payee.book().setup()));
    return machine.on(payee.state, view).actions().stream()
        .filter(VoucherAction.AskPreimage.class::isInstance)
        .map(action -> ((VoucherAction.AskPreimage) action).hashlock())
        .toList();
  }

  @Test
  void whatIsGivenBackIsAskedForOnceItsTimeIsUp() {
    pair.lock(driver, 500, HOUR);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile));
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    assertEquals(List.of(), asked(pile.machine, pile));
    pair.ledger.mine(HOUR);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile));
  }

  @Test
  void whatTheChainHasForGoodIsAskedForNoMore() {
    pair.lock(driver, 500, 3 * HOUR);
    pair.disconnect();
    pair.ledger.send(
        pile.address,
        new VoucherAction.RegisterPreimage(
            pile.book().setup(), PREIMAGE, pair.ledger.time() + HOUR));
    pair.blocks(2);
    assertEquals(List.of(PREIMAGE.sha256()), asked(pile.machine, pile), "it may be undone");
    pair.blocks(2 + VoucherLedger.FINALITY);
    for (VoucherPair.Party party : List.of(driver, pile)) {
      assertEquals(List.of(), asked(party.machine, party), party.name);
    }
    pair.connect();
    pair.run();
    assertPaidOffChain(3500);
  }

  @Test
  void whoTakesNoLocksNeitherKeepsNorAsksForThem() {
    VoucherMachine without = withoutLocks(pile);
    var wanted =
        new VoucherEvent.AddHtlc(
            new Amount(500), PREIMAGE.sha256(), pair.ledger.time() + HOUR, ByteVector.empty);
    LockExchange drivers = new LockExchange(VoucherPair.SIGNER, driver.key);
    LockOffer offer =
        new LockOffer(
            pile.book().id(),
            LockExchange.proof(drivers.offer(driver.book(), wanted)),
            ByteVector.empty);
    pile.state = without.on(pile.state, new VoucherEvent.Received(offer)).next();
    assertTrue(pile.book().taken().isEmpty());
    assertEquals(List.of(), asked(without, pile));
    pair.ledger.mine(HOUR);
    assertEquals(List.of(), asked(without, pile));
    // The answer may have been lost with the link, and is given again.
    var again = without.on(pile.state, new VoucherEvent.Received(offer));
    assertTrue(
        again.actions().stream()
            .anyMatch(
                action ->
                    action instanceof VoucherAction.Send(var messages)
                        && messages.getFirst() instanceof LockFailed),
        again.actions()::toString);
    assertEquals(pile.state, again.next());
  }

  @Test
  void whoTakesNoneAnyMoreForgetsThoseThatItGaveBack() {
    pair.lock(driver, 500, HOUR);
    pile.on(new VoucherEvent.FailHtlc(1, ByteVector.empty));
    VoucherMachine without = withoutLocks(pile);
    assertEquals(List.of(), asked(without, pile));
    var view = new VoucherEvent.ChainChanged(pair.ledger.view(pile.book().setup()));
    assertTrue(without.on(pile.state, view).next().book().orElseThrow().taken().isEmpty());
  }

  private static VoucherMachine withoutLocks(VoucherPair.Party party) {
    VoucherSettings with = VoucherPair.settings();
    return new VoucherMachine(
        new VoucherContext(
            VoucherPair.SIGNER,
            party.key,
            new VoucherSettings(
                with.domain(),
                with.token(),
                with.challengePeriod(),
                with.shortest(),
                with.longest(),
                with.leastDeposit(),
                with.closingTime()),
            true));
  }

  /** As the pile would sign it, were it to break the rules. */
  private LockProof signed(long amount, long expiry) {
    VoucherBook book = pile.book();
    var wanted =
        new VoucherEvent.AddHtlc(new Amount(amount), PREIMAGE.sha256(), expiry, ByteVector.empty);
    return LockExchange.proof(new LockExchange(VoucherPair.SIGNER, pile.key).offer(book, wanted));
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
