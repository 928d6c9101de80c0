package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.ChainException;
import chargepile.agent.evm.LyingNode;
import chargepile.agent.units.Amount;
import chargepile.agent.voucher.OnLedger;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherAction;
import chargepile.agent.voucher.VoucherEvent;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The life of a voucher channel on the real contract (P2-15, P2-16, P2-18). */
class EvmVoucherLedgerTest extends PairOnChain {
  @Test
  void aChannelIsOpenedPaidInAndClosedTogether() {
    pair.open(50_000);
    assertEquals(List.of("voucher/open/" + driver.book().id()), driver.keys());
    assertEquals(-50_000, ChainPair.gain(driver));
    pair.pay(3000);
    pair.pay(6000);
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.talk();
    pair.block();
    pair.makeFinal();
    assertEquals(VoucherOutcome.COOPERATIVE_CLOSE, pile.stage(VoucherStage.Closed.class).outcome());
    assertEquals(6000, ChainPair.gain(pile));
    assertEquals(-6000, ChainPair.gain(driver));
    assertEquals(List.of(), driver.refused);
    assertEquals(List.of(), driver.alerts);
  }

  @Test
  void anErrandThatIsGivenAgainSendsNothingAgain() {
    pair.connect();
    driver.on(new VoucherEvent.Open(900, new Amount(50_000)));
    pair.talk();
    for (int i = 0; i < 3; i++) {
      driver.look();
    }
    driver.restart();
    pair.connect();
    driver.look();
    assertEquals(1, driver.keys().size());
    assertEquals(1, driver.outbox.entries().getFirst().attempts().size());
    pair.blocks(4);
    assertEquals(-50_000, ChainPair.gain(driver));
  }

  @Test
  void aDepositIsRaisedByWhatItLacks() {
    pair.open(50_000);
    driver.on(new VoucherEvent.Deposit(new Amount(80_000)));
    pair.blocks(4);
    assertEquals(new Amount(80_000), driver.book().deposits().of(Party.A));
    assertEquals(-80_000, ChainPair.gain(driver));
    assertEquals(Optional.empty(), driver.book().depositWanted());
  }

  @Test
  void anOpeningThatThePoolForgotIsSentAgain() {
    pair.connect();
    driver.on(new VoucherEvent.Open(901, new Amount(50_000)));
    pair.talk();
    anvil.dropAll();
    driver.restart();
    pair.connect();
    pair.blocks(4);
    driver.stage(VoucherStage.Normal.class);
  }

  @Test
  void anAccountWithTooFewTokensFailsToOpenAndSendsNothing() {
    pair.connect();
    driver.on(new VoucherEvent.Open(902, new Amount(2_000_000)));
    pair.talk();
    pair.blocks(3);
    assertEquals(VoucherOutcome.ABANDONED, driver.stage(VoucherStage.Closed.class).outcome());
    assertTrue(
        driver.refused.getFirst().contains("ERC20InsufficientBalance"), driver.refused::toString);
    assertEquals(List.of(), driver.keys());
  }

  @Test
  void thatTheChannelExistsIsNoRefusal() {
    pair.connect();
    driver.on(new VoucherEvent.Open(903, new Amount(50_000)));
    pair.talk();
    driver.loseOutbox();
    anvil.mine(1);
    var again = new VoucherAction.OpenOnChain(driver.book().setup(), new Amount(50_000));
    assertEquals(Optional.empty(), driver.ledger.carryOut(again));
    assertEquals(List.of(), driver.keys());
    assertEquals(-50_000, ChainPair.gain(driver));
  }

  @Test
  void anOpeningIsGivenUpOnceItCantHappenAnyMore() {
    pair.connect();
    driver.on(new VoucherEvent.Open(904, new Amount(50_000)));
    pair.talk();
    var giveUp = new VoucherAction.AbandonOpening(driver.book().setup());
    assertEquals(Optional.empty(), driver.ledger.carryOut(giveUp), "it may be mined yet");
    anvil.mine(1);
    driver.ledger.round();
    assertEquals(Optional.empty(), driver.ledger.carryOut(giveUp), "it may be undone yet");
    anvil.mine(3);
    driver.ledger.round();
    assertInstanceOf(VoucherEvent.OpenFailed.class, driver.ledger.carryOut(giveUp).orElseThrow());
    assertEquals(0, ChainPair.gain(driver));
  }

  @Test
  void anOpeningThatWasNeverSentIsGivenUpAtOnce() {
    pair.connect();
    driver.on(new VoucherEvent.Open(905, new Amount(50_000)));
    pair.talk();
    driver.loseOutbox();
    anvil.dropAll();
    var giveUp = new VoucherAction.AbandonOpening(driver.book().setup());
    assertInstanceOf(VoucherEvent.OpenFailed.class, driver.ledger.carryOut(giveUp).orElseThrow());
  }

  @Test
  void aCloseAloneIsSettledAfterTheChallengePeriod() {
    pair.open(50_000);
    pair.pay(4000);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("the driver is gone"));
    pair.block();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(VoucherStage.Closed.class).outcome());
    assertEquals(4000, ChainPair.gain(pile));
    assertEquals(-4000, ChainPair.gain(driver));
  }

  @Test
  void whatTheTokenRefusedToPayIsFetchedOnceItDoes() {
    pair.open(50_000);
    pair.pay(4000);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("the driver is gone"));
    pair.block();
    pair.passTime(ChainSide.CHALLENGE.plusSeconds(60));
    pair.chain.tokenRefuses(true);
    pile.look();
    anvil.mine(1);
    pile.look();
    OnLedger.Settled settled =
        assertInstanceOf(OnLedger.Settled.class, pile.ledger.view(pile.book().setup()).latest());
    assertEquals(new Amount(4000), settled.owed().b());
    assertFalse(ChainPair.isClosed(pile.state));
    pair.chain.tokenRefuses(false);
    for (int i = 0; i < 4; i++) {
      pile.look();
      anvil.mine(2);
    }
    pile.look();
    assertEquals(4000, ChainPair.gain(pile));
    assertTrue(ChainPair.isClosed(pile.state), () -> "it is in " + pile.state.stage());
  }

  @Test
  void whatFailedInItsBlockIsSentAnewEverLessOften() {
    pair.open(50_000);
    pair.pay(4000);
    pair.disconnect();
    var close = new VoucherAction.RequestClose(pile.book().setup(), pile.book().received());
    pile.ledger.carryOut(close);
    failInItsBlock();
    assertEquals(1, begun(close), "at once");
    failInItsBlock();
    assertEquals(0, begun(close), "not again so soon");
    pair.passTime(Duration.ofMinutes(6));
    assertEquals(1, begun(close), "after a pause");
    failInItsBlock();
    pair.passTime(Duration.ofMinutes(6));
    assertEquals(0, begun(close), "after a longer one");
    pair.passTime(Duration.ofMinutes(5));
    assertEquals(1, begun(close));
    anvil.mine(1);
    assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(pile.book().setup()).latest());
  }

  private void failInItsBlock() {
    pair.chain.contractRefuses(true);
    anvil.mine(1);
    pair.chain.contractRefuses(false);
    anvil.mine(2);
    pile.ledger.round();
  }

  /** How many are under way. */
  private long begun(VoucherAction.Errand errand) {
    pile.ledger.carryOut(errand);
    return pile.outbox.entries().stream().filter(entry -> entry.finish().isEmpty()).count();
  }

  @Test
  void aDepositOfMoreThanAnAmountHoldsHidesNoCloseFromThePile() {
    pair.open(50_000);
    pair.pay(6000);
    pair.disconnect();
    // The driver raises its own deposit above what an amount holds, with one unit for the pile.
    pair.chain.endow(driver.address(), new Amount(Long.MAX_VALUE));
    pair.depositDirectly(Party.A, new Amount(Long.MAX_VALUE - 1));
    pair.chain.endow(driver.address(), new Amount(1_000));
    pair.depositDirectly(Party.B, new Amount(1));
    pair.closeWith(Optional.empty());
    pile.look();
    anvil.mine(1);
    OnLedger.Closing closing =
        assertInstanceOf(OnLedger.Closing.class, pile.ledger.view(pile.book().setup()).latest());
    assertEquals(new Amount(6000), closing.paidByA(), "the pile answered");
    pair.settle();
    assertEquals(6001, ChainPair.gain(pile));
  }

  @Test
  void aTokenWithoutPermitsIsApprovedFirst() throws IOException {
    try (LyingNode plain = new LyingNode(anvil)) {
      plain.tell(
          (method, params, result) ->
              method.equals("eth_call") && params.toString().contains(DOMAIN_SEPARATOR)
                  ? LyingNode.refusal(3, "execution reverted")
                  : result);
      pair.connect();
      driver.through(() -> ChainSide.Nodes.one(plain.rpc()));
      pair.connect();
      driver.on(new VoucherEvent.Open(906, new Amount(50_000)));
      pair.talk();
      String key = "voucher/open/" + driver.book().id();
      assertEquals(List.of(key + "/approval"), driver.keys());
      pair.block();
      assertEquals(List.of(key + "/approval", key), driver.keys());
      pair.blocks(3);
      driver.stage(VoucherStage.Normal.class);
      assertEquals(-50_000, ChainPair.gain(driver));
    }
  }

  /** The selector of EIP-2612's DOMAIN_SEPARATOR(). */
  private static final String DOMAIN_SEPARATOR = "0x3644e515";

  @Test
  void twoPaymentsAtOnceWaitForEachOther() {
    pair.connect();
    driver.on(new VoucherEvent.Open(907, new Amount(50_000)));
    pair.talk();
    VoucherSetup first = driver.book().setup();
    var second =
        new VoucherAction.OpenOnChain(
            new VoucherSetup(
                first.domain(),
                first.token(),
                first.a(),
                first.b(),
                908,
                first.challengePeriod(),
                first.own(),
                first.metering()),
            new Amount(7000));
    ChainException waits = assertThrows(ChainException.class, () -> driver.ledger.carryOut(second));
    assertTrue(String.valueOf(waits.getMessage()).contains("it waits for"), waits::toString);
    anvil.mine(1);
    driver.ledger.carryOut(second);
    anvil.mine(1);
    assertEquals(-57_000, ChainPair.gain(driver));
  }
}
