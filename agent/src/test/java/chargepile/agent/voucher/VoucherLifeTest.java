package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.energy.SessionTotals;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Normal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A channel's life as it should go (P2-15 to P2-18). */
class VoucherLifeTest {
  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @Test
  void isUsableOnceItsOpeningIsFinalForBoth() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pair.blocks(VoucherLedger.FINALITY);
    assertFalse(pile.standing().isUsable(), "it may still be undone");
    pair.block();
    assertTrue(pile.standing().isUsable());
    assertTrue(driver.standing().isUsable());
    assertEquals(driver.book().id(), pile.book().id());
    assertEquals(new Amount(50_000), pile.standing().spendable(IMPORT));
    assertEquals(Amount.ZERO, pile.standing().spendable(EXPORT));
    assertEquals(950_000, pair.ledger.balance(driver.address));
  }

  @Test
  void theClaimIsPaidAfterOneRoundTrip() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1_000_000, 300)));
    assertTrue(pile.standing().isPending());
    pair.deliver(pile);
    assertEquals(300, driver.standing().paid(VoucherPair.SESSION).imported().amount().value());
    pair.deliver(driver);
    assertFalse(pile.standing().isPending());
    assertEquals(
        VoucherPair.claim(IMPORT, 1_000_000, 300).total(),
        pile.standing().paid(VoucherPair.SESSION).imported());
    assertEquals(new Amount(49_700), pile.standing().spendable(IMPORT));
    assertEquals(new Amount(300), pile.standing().spendable(EXPORT));
    assertTrue(pile.last(VoucherNotice.EnergySettled.class).isPresent());
    assertTrue(driver.said.isEmpty() && pile.said.isEmpty());
  }

  @Test
  void theVoucherIsForTheClaimWithItsMeterRecord() {
    pair.open(driver, 50_000);
    var claim = VoucherPair.claim(IMPORT, 1_000_000, 300);
    pile.on(new VoucherEvent.ClaimEnergy(claim));
    pair.run();
    assertEquals(
        VoucherExchange.evidence(pile.book().id(), claim),
        pile.book().received().orElseThrow().voucher().evidence());
  }

  @Test
  void inVehicleToGridThePileIsThePayer() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.charge(EXPORT, 500_000, 1000);
    assertEquals(new Amount(48_000), pile.standing().spendable(IMPORT));
    assertEquals(new Amount(2000), pile.standing().spendable(EXPORT));
    SessionTotals paid = driver.standing().paid(VoucherPair.SESSION);
    assertEquals(pile.standing().paid(VoucherPair.SESSION), paid);
    assertEquals(new Amount(1000), paid.exported().amount());
    assertEquals(2, driver.book().seqOf(Party.A), "the driver's answer pays nothing and agrees");
    assertEquals(new Amount(3000), pile.book().paidBy(Party.A));
    assertEquals(new Amount(1000), driver.book().paidBy(Party.B));
  }

  @Test
  void whatWasPaidAheadIsGivenBackByTheOtherSide() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.charge(IMPORT, 900_000, 2700);
    assertEquals(new Amount(300), driver.book().paidBy(Party.B));
    assertEquals(new Amount(3000), driver.book().paidBy(Party.A), "vouchers only grow");
    assertEquals(2700, pile.standing().paid(VoucherPair.SESSION).imported().amount().value());
    assertEquals(new Amount(2700), pile.standing().spendable(EXPORT));
  }

  @Test
  void depositsOfEitherSideCountOnceBothSeeThemFinal() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.Deposit(new Amount(20_000)));
    pair.block();
    assertEquals(Amount.ZERO, pile.standing().spendable(EXPORT));
    pair.blocks(VoucherLedger.FINALITY);
    assertEquals(new Amount(20_000), pile.standing().spendable(EXPORT));
    assertEquals(new Amount(20_000), driver.standing().spendable(EXPORT));
    pair.charge(EXPORT, 500_000, 15_000);
    assertEquals(new Amount(65_000), driver.standing().spendable(IMPORT));
  }

  @Test
  void aCooperativeClosePaysAtOnce() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(1 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(997_000, pair.ledger.balance(driver.address));
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aUnilateralClosePaysAfterTheChallengePeriod() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("the driver is gone"));
    pair.block();
    assertEquals(1_000_000, pair.ledger.balance(pile.address));
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
    assertEquals(997_000, pair.ledger.balance(driver.address));
  }

  @Test
  void aRefusedClaimEndsTheChannelWithWhatBothSigned() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    driver.refusesClaims = true;
    pair.charge(IMPORT, 2_000_000, 6000);
    assertEquals(
        new VoucherNotice.PeerObjected("not agreed to"),
        pile.last(VoucherNotice.PeerObjected.class).orElseThrow());
    pair.blocks(1 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void anExpiredCooperativeCloseIsFollowedByAUnilateralOne() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.ledger.dropTransactions();
    pair.block(VoucherPair.settings().closingTime().toSeconds() + 60);
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void whatTheTokenRefusesToPayIsFetchedLater() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.ledger.blockPaymentsTo(pile.address);
    driver.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(1 + VoucherLedger.FINALITY);
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, driver.stage(Closed.class).outcome());
    pile.stage(VoucherStage.Closing.class);
    pair.ledger.allowPaymentsTo(pile.address);
    pair.block();
    pair.block();
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void anAnswerThatGotLostIsTakenInAfterTheReconnection() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1_000_000, 300)));
    pair.deliver(pile);
    pair.connect();
    pair.run();
    assertEquals(300, pile.standing().paid(VoucherPair.SESSION).imported().amount().value());
    assertFalse(pile.standing().isPending());
  }

  @Test
  void aClaimThatGotLostIsSaidAgain() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1_000_000, 300)));
    pair.connect();
    pair.run();
    assertFalse(pile.standing().isPending());
    pair.charge(IMPORT, 1_100_000, 330);
    assertEquals(330, driver.standing().paid(VoucherPair.SESSION).imported().amount().value());
  }

  @Test
  void aClaimThatThePilePaysIsSaidAgain() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(EXPORT, 500_000, 1000)));
    pair.connect();
    pair.run();
    assertFalse(pile.standing().isPending());
    assertEquals(1000, driver.standing().paid(VoucherPair.SESSION).exported().amount().value());
  }

  @Test
  void aReorganisationAsksForWhatItUndidAgain() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pair.block();
    pair.ledger.undo(1);
    pair.blocks(2 + VoucherLedger.FINALITY);
    assertTrue(pile.standing().isUsable());
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("test"));
    pair.block();
    pair.ledger.undo(1);
    pair.block();
    pair.settle();
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aSecondOpeningIsRefusedWhileThereIsAChannel() {
    pair.open(driver, 50_000);
    driver.on(new VoucherEvent.Open(8, new Amount(50_000)));
    assertEquals(
        "the channel exists already",
        driver.last(VoucherNotice.CommandRefused.class).orElseThrow().reason());
  }

  @Test
  void termsOutsideTheSettingsAreRefused() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(999)));
    pair.run();
    assertEquals(VoucherOutcome.ABANDONED, driver.stage(Closed.class).outcome());
    assertEquals(VoucherChannel.NEW.stage(), pile.state.stage());
    assertTrue(pile.alerts.getFirst().contains("999"), pile.alerts.toString());
  }

  @Test
  void aChannelThatCouldNotBeOpenedIsAbandonedByBoth() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pair.ledger.dropTransactions();
    driver.on(new VoucherEvent.OpenFailed("the account lacks gas"));
    pair.run();
    pair.block();
    assertEquals(VoucherOutcome.ABANDONED, driver.stage(Closed.class).outcome());
    assertEquals(VoucherOutcome.ABANDONED, pile.stage(Closed.class).outcome());
  }

  @Test
  void anOpeningThatIsGivenUpBeforeItIsMinedCostsNothing() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pair.ledger.dropTransactions();
    driver.on(new VoucherEvent.CloseUnilaterally("changed its mind"));
    pair.run();
    pair.blocks(3);
    assertEquals(VoucherOutcome.ABANDONED, driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
    pile.stage(Closed.class);
  }

  @Test
  void anOpeningThatIsGivenUpTooLateIsClosed() {
    pair.connect();
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pair.ledger.mine();
    driver.on(new VoucherEvent.CloseUnilaterally("changed its mind"));
    pair.run();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
  }

  @Test
  void aPileThatOwnsNothingLeavesTheCloseToItsPeer() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.CloseUnilaterally("no money in it"));
    assertEquals(VoucherOutcome.LEFT_TO_PEER, pile.stage(Closed.class).outcome());
    pair.run();
    pair.settle();
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
  }

  @Test
  void aPileThatSignedForWhatItHadStaysUntilItIsSettled() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.charge(EXPORT, 1_000_000, 3000);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("all spent"));
    pile.stage(VoucherStage.Closing.class);
    pair.settle();
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
  }

  @Test
  void claimsNeedAChannelThatTheChainHolds() {
    pair.open(driver, 50_000);
    var view = pair.ledger.view(pile.book().setup());
    pile.on(
        new VoucherEvent.ChainChanged(
            new ChainView(view.time(), new OnLedger.Missing(), new OnLedger.Missing())));
    assertTrue(pile.last(VoucherNotice.Suspended.class).isPresent());
    assertFalse(pile.standing().isOpen());
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1, 1)));
    assertTrue(pile.last(VoucherNotice.CommandRefused.class).isPresent());
    pile.look();
    assertTrue(pile.standing().isUsable());
  }

  @Test
  void claimsBeyondTheBalanceAreRefused() {
    pair.open(driver, 50_000);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1, 50_001)));
    assertTrue(
        pile.last(VoucherNotice.CommandRefused.class).orElseThrow().reason().contains("50,000"));
    driver.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 1, 1)));
    assertTrue(driver.last(VoucherNotice.CommandRefused.class).isPresent());
    pile.stage(Normal.class);
    assertEquals(List.of(), pair.ledger.reverts);
  }

  @Test
  void aPileMayOpenTooAndThenPaysFirst() {
    pair.open(pile, 50_000);
    assertEquals(new Amount(50_000), pile.standing().spendable(EXPORT));
    pair.charge(EXPORT, 500_000, 20_000);
    pair.charge(IMPORT, 100_000, 5_000);
    driver.on(new VoucherEvent.CloseCooperatively());
    pair.run();
    pair.blocks(1 + VoucherLedger.FINALITY);
    assertEquals(1_015_000, pair.ledger.balance(driver.address));
    assertEquals(985_000, pair.ledger.balance(pile.address));
  }
}
