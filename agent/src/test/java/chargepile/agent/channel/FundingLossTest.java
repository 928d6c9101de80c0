package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.Transaction;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a channel whose funding transaction the chain does not have, or not any more. */
class FundingLossTest {
  @Test
  void aChannelWhoseFundingAReorganisationUndidTakesNoEnergyUntilItIsDeepAgain() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(100_000_000));
      pair.charge(1000, 20_000_000);
      pair.chain.reorganise(TwoParties.DEPTH);
      pair.chain.evict(pair.funding().txid);
      pair.pile.look();
      assertTrue(pair.pile.state.isSuspended());
      assertTrue(pair.pile.has(ChannelNotice.Suspended.class));
      pair.charge(2000, 40_000_000);
      assertEquals(new Amount(120_000_000), pair.pile.balance());
      assertTrue(
          pair.pile.notices.contains(
              new ChannelNotice.CommandRefused("a reorganisation undid the channel's funding")),
          () -> "the claim was refused: " + pair.pile.notices);
      pair.pile.restart();
      pair.connect();
      pair.run();
      assertTrue(pair.pile.state.isSuspended(), "also after a restart");
      pair.driver.look(); // the funder publishes it again
      pair.mine(TwoParties.DEPTH - 1);
      assertTrue(pair.pile.state.isSuspended(), "not deep enough");
      pair.mine(1);
      assertFalse(pair.pile.state.isSuspended());
      assertEquals(2, usable(pair.pile));
      pair.charge(2000, 40_000_000);
      assertEquals(new Amount(140_000_000), pair.pile.balance());
      assertEquals(
          1, pair.pile.alerts.stream().filter(text -> text.contains("takes no energy")).count());
    }
  }

  @Test
  void aCloseIsPublishedWithItsFundingWhenBothWereUndone() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(100_000_000));
      pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.mine(1);
      pair.chain.reorganise(TwoParties.DEPTH + 1);
      pair.chain.evict(pair.funding().txid);
      pair.driver.look();
      assertEquals(2, pair.chain.mempool().size(), "funding and commitment");
      pair.mine(TwoParties.DELAY + TwoParties.FINAL);
      assertInstanceOf(Stage.Closed.class, pair.driver.state.stage());
      assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
    }
  }

  @Test
  void aMutualCloseThatIsUndoneAndReplacedByACommitmentIsSettledAsThat() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(100_000_000));
      Transaction alone = pair.driver.signedCommitment();
      pair.pile.on(new ChannelEvent.CloseCooperatively());
      pair.run();
      pair.mine(2);
      pair.chain.reorganise(3);
      pair.chain.mineWith(List.of(alone));
      pair.mine(TwoParties.FINAL + 1);
      assertEquals(
          Outcome.UNILATERAL_CLOSE,
          assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
      assertEquals(100_000.0, (double) pair.pile.home().value(), 500);
    }
  }

  @Test
  void aFundeeForgetsAChannelThatIsNeverFundedAndAFunderDoesNot() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.connect();
      pair.driver.on(
          new ChannelEvent.Open(
              new ChannelId(ByteVector32.One),
              TwoParties.CAPACITY,
              Amount.ZERO,
              new Feerate(2500)));
      pair.run();
      Transaction funding = pair.chain.mempool().getFirst();
      pair.chain.evict(funding.txid);
      pair.pile.look();
      pair.chain.mine(FundingSteps.FORGOTTEN_AFTER - 1);
      pair.pile.look();
      assertInstanceOf(Stage.AwaitingReady.class, pair.pile.state.stage());
      pair.chain.mine(1);
      pair.pile.look();
      assertEquals(
          Outcome.ABANDONED,
          assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
      pair.driver.look();
      assertInstanceOf(Stage.AwaitingReady.class, pair.driver.state.stage());
      assertEquals(funding.txid, pair.chain.mempool().getFirst().txid, "and publishes it again");
    }
  }

  @Test
  void aFunderThatWasCutOffBeforeItHadTheSignatureOpensAnother() {
    for (boolean error : new boolean[] {true, false}) {
      try (ChannelPair pair = new ChannelPair()) {
        fundInVain(pair);
        pair.pile.look();
        pair.pile.on(
            error
                ? new ChannelEvent.Received(
                    new ErrorMessage(pair.pile.commitments().channelId(), "not known here"))
                : new ChannelEvent.Superseded());
        Stage.Closed closed = assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
        assertEquals(Outcome.ABANDONED, closed.outcome());
        assertTrue(closed.last().isPresent(), "the store is told");
      }
    }
  }

  @Test
  void aChannelWhoseFundingIsInABlockIsNotGivenUp() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.pile.on(new ChannelEvent.Superseded());
      assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
    }
  }

  @Test
  void aChannelThatIsClosedBeforeThePeerFundedItIsForgottenToo() {
    try (ChannelPair pair = new ChannelPair()) {
      fundInVain(pair);
      pair.pile.on(
          new ChannelEvent.Received(
              new ErrorMessage(pair.pile.commitments().channelId(), "no money after all")));
      pair.pile.look();
      assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
      pair.chain.mine(FundingSteps.FORGOTTEN_AFTER);
      pair.pile.look();
      assertEquals(
          Outcome.ABANDONED,
          assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
    }
  }

  /** The pile has signed for a funding transaction that no node holds any more. */
  private static void fundInVain(ChannelPair pair) {
    pair.connect();
    pair.driver.on(
        new ChannelEvent.Open(
            new ChannelId(ByteVector32.One), TwoParties.CAPACITY, Amount.ZERO, new Feerate(2500)));
    pair.run();
    pair.chain.evict(pair.chain.mempool().getFirst().txid);
  }

  private static long usable(TwoParties.Party party) {
    return party.notices.stream().filter(ChannelNotice.Usable.class::isInstance).count();
  }
}
