package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.AwaitingReady;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Closing;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Openings of which nothing comes, or more than was told. */
class VoucherOpeningTest {
  private static final long DAY = 86_400;

  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void agreed() {
    pair.connect();
    driver.actsOnChain = false;
    driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    pair.run();
    pile.stage(AwaitingReady.class);
  }

  @Test
  void oneThatThePeerNeverMakesIsForgottenAfterADay() {
    pair.disconnect();
    pair.block(60);
    pair.block(DAY - 60);
    pile.die();
    pair.block(50);
    assertTrue(pile.stage(AwaitingReady.class).isUnopened());
    pair.block(10);
    assertEquals(VoucherOutcome.ABANDONED, pile.stage(Closed.class).outcome());
  }

  @Test
  void oneThatTheChainShowsIsNotForgotten() {
    driver.actsOnChain = true;
    pair.disconnect();
    pair.block();
    pair.block();
    pair.block(2 * DAY);
    pair.blocks(1 + VoucherLedger.FINALITY);
    pile.stage(AwaitingReady.class);
    pair.connect();
    pair.run();
    assertTrue(pile.standing().isUsable());
  }

  @Test
  void oneThatComesAfterItWasForgottenIsClosedByWhoMadeIt() {
    pair.disconnect();
    pair.block();
    pair.block(DAY);
    pile.stage(Closed.class);
    driver.actsOnChain = true;
    pair.blocks(2 + VoucherLedger.FINALITY);
    pair.connect();
    pair.run();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
  }

  @Test
  void oneThatFailedIsAbandonedOnceTheChainDoesNotShowIt() {
    driver.on(new VoucherEvent.OpenFailed("the account lacks gas"));
    assertTrue(driver.alerts.getLast().contains("lacks gas"));
    driver.stage(Closing.class);
    pair.block();
    assertEquals(VoucherOutcome.ABANDONED, driver.stage(Closed.class).outcome());
    pile.stage(Closed.class);
  }

  /** The ledger forgot that it sent it, and the contract refuses the second as it has the first. */
  @Test
  void oneThatIsThereAlthoughItFailedIsClosedForItsDeposit() {
    driver.actsOnChain = true;
    driver.look();
    pair.ledger.mine();
    driver.on(new VoucherEvent.OpenFailed("ChannelExists"));
    pair.run();
    assertEquals(950_000, pair.ledger.balance(driver.address));
    pair.blocks(2);
    driver.stage(Closing.class);
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, pair.ledger.balance(driver.address));
  }

  @Test
  void aChannelInUseIsNotForgottenWhateverTheChainShows() {
    driver.actsOnChain = true;
    pair.blocks(2 + VoucherLedger.FINALITY);
    pair.charge(IMPORT, 1_000_000, 3000);
    var missing = new OnLedger.Missing();
    pile.on(
        new VoucherEvent.ChainChanged(
            new ChainView(pair.ledger.time() + 9 * DAY, missing, missing)));
    pile.stage(VoucherStage.Normal.class);
  }
}
