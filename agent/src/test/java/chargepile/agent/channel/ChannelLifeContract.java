package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A direct channel's whole life on a chain that validates every script. */
abstract class ChannelLifeContract {
  private final TwoParties pair;

  /** A contract on a chain that is closed when the test ends. */
  ChannelLifeContract(DrivenChain ledger) {
    pair = new TwoParties(ledger);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void aDriverOpensAChannelAndBothCanUseItAfterTheAgreedDepth() {
    pair.connect();
    pair.open(pair.driver, Amount.ZERO);
    assertTrue(pair.pile.has(ChannelNotice.Usable.class));
    assertTrue(pair.driver.has(ChannelNotice.Usable.class));
    assertEquals(Amount.ZERO, pair.pile.balance());
    assertEquals(TwoParties.CAPACITY.toAmount(), pair.driver.balance());
  }

  @Test
  void nothingIsUsableBeforeTheAgreedDepth() {
    pair.connect();
    pair.driver.on(
        new ChannelEvent.Open(
            new chargepile.agent.units.ChannelId(fr.acinq.bitcoin.ByteVector32.One),
            TwoParties.CAPACITY,
            Amount.ZERO,
            new Feerate(2500)));
    pair.run();
    pair.mine(TwoParties.DEPTH - 1);
    assertFalse(pair.driver.has(ChannelNotice.Usable.class));
    pair.mine(1);
    assertTrue(pair.driver.has(ChannelNotice.Usable.class));
  }

  @Test
  void everyIncrementMovesTheTotalsDifference() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 20_000_000);
    pair.charge(2000, 40_000_000);
    assertEquals(new Amount(40_000_000), pair.pile.balance());
    assertEquals(new Amount(960_000_000), pair.driver.balance());
    assertEquals(2, pair.pile.commitments().local().number());
    assertEquals(2, pair.driver.commitments().local().number());
  }

  @Test
  void onExportThePilePays() {
    pair.open(pair.pile, new Amount(100_000_000));
    pair.claim(Direction.EXPORT, 1000, 15_000_000);
    pair.run();
    assertEquals(new Amount(115_000_000), pair.driver.balance());
    pair.claim(Direction.IMPORT, 500, 10_000_000);
    pair.run();
    assertEquals(new Amount(105_000_000), pair.driver.balance());
  }

  @Test
  void aPayerWithoutEnoughIsToldSoAndNothingChanges() {
    pair.open(pair.driver, Amount.ZERO);
    Channel before = pair.pile.state;
    pair.claim(Direction.IMPORT, 1000, 999_000_000);
    assertEquals(before, pair.pile.state);
    assertTrue(pair.pile.has(ChannelNotice.CommandRefused.class));
  }

  @Test
  void theFunderChangesTheFeerateOfBothCommitments() {
    pair.open(pair.driver, Amount.ZERO);
    pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(5000)));
    pair.run();
    for (var party : List.of(pair.pile, pair.driver)) {
      assertEquals(new Feerate(5000), party.commitments().local().allocation().spec().feerate());
      assertEquals(new Feerate(5000), party.commitments().remote().allocation().spec().feerate());
    }
  }

  @Test
  void aCooperativeClosePaysBothAtOnce() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 20_000_000);
    pair.pile.on(new ChannelEvent.CloseCooperatively());
    pair.run();
    pair.mine(TwoParties.FINAL);
    assertClosed(Outcome.COOPERATIVE_CLOSE);
    assertEquals(20_000, pair.pile.home().value());
    assertEquals((double) 980_000, (double) pair.driver.home().value(), 2_500, "all but the fee");
  }

  @Test
  void aCooperativeCloseThatIsNotMinedCanBeOverruled() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 200_000_000);
    pair.pile.on(new ChannelEvent.CloseCooperatively());
    pair.run();
    Transaction mutual = pair.ledger.mempool().getFirst();
    pair.disconnect();
    pair.ledger.evict(mutual.txid);
    pair.pile.on(new ChannelEvent.CloseUnilaterally("the close is not mined"));
    pair.mine(TwoParties.DELAY + TwoParties.FINAL);
    assertClosed(Outcome.UNILATERAL_CLOSE);
    assertEquals((double) 200_000, (double) pair.pile.home().value(), 1_000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void eitherSideCanCloseAlone(boolean pileCloses) {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 200_000_000);
    var closer = pileCloses ? pair.pile : pair.driver;
    pair.disconnect();
    closer.on(new ChannelEvent.CloseUnilaterally("the peer is silent"));
    pair.mine(1);
    assertEquals(0, closer.home().value(), "the closer waits");
    assertTrue(closer.other().home().value() > 0, "the other does not");
    pair.mine(TwoParties.DELAY - 2);
    assertEquals(0, closer.home().value(), "still inside to_self_delay");
    pair.mine(1);
    assertTrue(closer.home().value() > 0, "to_self_delay has passed");
    pair.mine(TwoParties.FINAL);
    assertClosed(Outcome.UNILATERAL_CLOSE);
  }

  @Test
  void aRevokedCommitmentCostsItsPublisherEverything() {
    pair.open(pair.driver, Amount.ZERO);
    Transaction revoked = pair.driver.signedCommitment();
    pair.charge(1000, 20_000_000);
    pair.disconnect();
    pair.ledger.broadcast(revoked);
    pair.pile.look();
    assertEquals(
        2, pair.ledger.mempool().size(), "the remedy is out before the first confirmation");
    pair.mine(TwoParties.FINAL + 1);
    assertEquals(
        Outcome.BREACH_REMEDIED,
        assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
    assertEquals(0, pair.driver.home().value());
    assertTrue(pair.pile.home().value() > 990_000);
  }

  @Test
  void aRefusedUpdateEndsTheChannelAtTheLastStateThatBothSigned() {
    pair.open(pair.driver, Amount.ZERO);
    pair.charge(1000, 20_000_000);
    pair.claim(Direction.IMPORT, 2000, 90_000_000);
    pair.driver.inbox.removeFirst(); // the update: reviewed above the channel, and refused
    pair.driver.on(new ChannelEvent.Refuse("more than the tariff says"));
    pair.run();
    assertTrue(
        pair.pile.notices.contains(new ChannelNotice.PeerObjected("more than the tariff says")));
    pair.mine(TwoParties.FINAL);
    assertClosed(Outcome.COOPERATIVE_CLOSE);
    assertEquals(20_000, pair.pile.home().value());
  }

  private void assertClosed(Outcome outcome) {
    for (var party : List.of(pair.pile, pair.driver)) {
      assertEquals(
          outcome, assertInstanceOf(Stage.Closed.class, party.state.stage(), party.name).outcome());
    }
  }
}
