package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Closing;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody closes with an old voucher, or with none (P1-34). */
class StaleCloseTest {
  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void charged() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
    pair.charge(IMPORT, 2_000_000, 6000);
    driver.actsOnChain = false;
    pair.disconnect();
  }

  private void close(Optional<SignedVoucher> presented) {
    pair.ledger.send(
        driver.address, new VoucherAction.RequestClose(pile.book().setup(), presented));
    pair.block();
  }

  @Test
  void theBetterVoucherIsPresentedAndWins() {
    close(Optional.of(pile.received.getFirst()));
    assertTrue(pile.stage(Closing.class).stale());
    assertTrue(
        pile.alerts.getFirst().contains("stale voucher of 3,000 units"), pile.alerts::toString);
    pair.settle();
    assertEquals(VoucherOutcome.STALE_CLOSE_ANSWERED, pile.stage(Closed.class).outcome());
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aCloseWithoutAnyVoucherIsAnsweredAndIsNoFraud() {
    close(Optional.empty());
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  @Test
  void theAnswerIsAskedForUntilTheChainShowsIt() {
    close(Optional.of(pile.received.getFirst()));
    for (int i = 0; i < 5; i++) {
      pair.ledger.dropTransactions();
      pair.block();
    }
    pair.block();
    assertEquals(
        new Amount(6000),
        ((OnLedger.Closing) pair.ledger.view(pile.book().setup()).latest()).paidByA());
  }

  @Test
  void theAnswerSurvivesARestartWithoutAWordFromThePeer() {
    close(Optional.of(pile.received.getFirst()));
    pair.ledger.dropTransactions();
    pile.die();
    pair.settle();
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aPileThatWasOffComesBackInTime() {
    pair.ledger.send(
        driver.address,
        new VoucherAction.RequestClose(pile.book().setup(), Optional.of(pile.received.getFirst())));
    pair.ledger.mine();
    for (int i = 0; i < 100; i++) {
      pair.ledger.mine();
    }
    pile.die();
    pair.settle();
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aPileThatWasOffForTooLongLosesTheDifferenceAndSaysSo() {
    close(Optional.of(pile.received.getFirst()));
    pair.ledger.dropTransactions();
    pair.ledger.mine(VoucherPair.CHALLENGE.toSeconds());
    pair.settle();
    assertEquals(VoucherOutcome.STALE_CLOSE_LOST, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aReorganisationThatUndoesTheAnswerAsksForItAgain() {
    close(Optional.of(pile.received.getFirst()));
    pair.block();
    pair.ledger.undo(1);
    pair.block();
    pair.settle();
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  @Test
  void theDriverIsProtectedLikewise() {
    VoucherPair other = new VoucherPair();
    other.open(other.pile, 50_000);
    other.charge(EXPORT, 500_000, 1000);
    other.charge(EXPORT, 900_000, 2000);
    other.pile.actsOnChain = false;
    other.disconnect();
    other.ledger.send(
        other.pile.address,
        new VoucherAction.RequestClose(
            other.driver.book().setup(), Optional.of(other.driver.received.getFirst())));
    other.block();
    other.settle();
    assertEquals(VoucherOutcome.STALE_CLOSE_ANSWERED, other.driver.stage(Closed.class).outcome());
    assertEquals(1_002_000, other.ledger.balance(other.driver.address));
  }

  private OnLedger.Closing shown(long paidByDriver) {
    Amount paid = new Amount(paidByDriver);
    boolean driverIsA = pile.book().setup().own() == chargepile.agent.voucher.Party.B;
    return new OnLedger.Closing(
        pile.book().deposits(),
        driverIsA ? paid : Amount.ZERO,
        driverIsA ? Amount.ZERO : paid,
        pile.book().time() + 3600);
  }

  @Test
  void aHintOfAStaleCloseIsAnsweredAndStopsTheSaleAndClosesNothing() {
    VoucherTransition answer = pile.machine.on(pile.state, new VoucherEvent.EndHinted(shown(3000)));
    assertEquals(pile.state, answer.next());
    var expected =
        new VoucherAction.Challenge(pile.book().setup(), pile.book().received().orElseThrow());
    assertTrue(answer.actions().contains(expected), answer::toString);
    assertTrue(
        answer.actions().stream()
            .anyMatch(
                action ->
                    action instanceof VoucherAction.Notify(VoucherNotice.Suspended(String reason))),
        answer::toString);
    pile.on(new VoucherEvent.EndHinted(shown(3000)));
    pair.block();
    pile.stage(VoucherStage.Normal.class);
    assertEquals(
        new OnLedger.Open(pile.book().deposits(), VoucherPair.CHALLENGE),
        pair.ledger.view(pile.book().setup()).latest(),
        "the contract refuses what answers a lie");
  }

  @Test
  void aHintOfACloseThatPresentsTheBestVoucherAsksForNothing() {
    VoucherTransition answer = pile.machine.on(pile.state, new VoucherEvent.EndHinted(shown(6000)));
    assertTrue(
        answer.actions().stream().noneMatch(action -> action instanceof VoucherAction.Errand),
        answer::toString);
  }
}
