package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Normal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was final is told as not yet final, because a node lags: that is no fault of the peer's. */
class LaggingViewTest {
  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void charged() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
  }

  private void sees(VoucherPair.Party party, OnLedger latest, OnLedger finalised) {
    party.on(new VoucherEvent.ChainChanged(new ChainView(pair.ledger.time(), latest, finalised)));
  }

  private void losesSight(VoucherPair.Party party) {
    sees(party, new OnLedger.Missing(), new OnLedger.Missing());
    assertTrue(party.book().isSuspended());
  }

  @Test
  void whatTheLatestBlockStillShowsStaysFinal() {
    OnLedger latest = pair.ledger.view(pile.book().setup()).latest();
    sees(pile, latest, new OnLedger.Missing());
    assertTrue(pile.standing().isUsable());
    assertFalse(pile.last(VoucherNotice.Suspended.class).isPresent());
    assertEquals(new Amount(47_000), pile.standing().spendable(IMPORT));
  }

  @Test
  void aDepositThatIsNotFinalYetDoesNotComeWithIt() {
    sees(
        pile,
        new OnLedger.Open(new Deposits(new Amount(90_000), Amount.ZERO), VoucherPair.CHALLENGE),
        new OnLedger.Missing());
    assertEquals(new Amount(50_000), pile.book().deposits().a());
  }

  @Test
  void aVoucherThatWasCoveredWhenItWasAskedForIsTaken() {
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 2_000_000, 6000)));
    pair.deliver(pile);
    losesSight(pile);
    pair.run();
    assertEquals(new Amount(6000), pile.book().paidBy(Party.A));
    pile.stage(Normal.class);
    assertTrue(pile.alerts.isEmpty(), pile.alerts::toString);
  }

  @Test
  void aClaimIsPaidBySomebodyWhoLostSightOfItsDeposit() {
    losesSight(driver);
    pair.run();
    pile.state = // as if the driver had not said so yet
        new VoucherChannel(
            pile.state.link(),
            pile.stage(Normal.class).with(pile.book().confirming(pile.book().deposits())));
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 2_000_000, 6000)));
    pair.run();
    assertEquals(new Amount(6000), pile.book().paidBy(Party.A));
    assertTrue(driver.stage(Normal.class).closing().isEmpty());
  }

  @Test
  void whatThePilePaysIsTakenBySomebodyWhoLostSightOfIt() {
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(EXPORT, 500_000, 1000)));
    losesSight(driver);
    pair.run();
    assertEquals(new Amount(1000), driver.book().paidBy(Party.B));
    assertTrue(driver.stage(Normal.class).closing().isEmpty());
  }
}
