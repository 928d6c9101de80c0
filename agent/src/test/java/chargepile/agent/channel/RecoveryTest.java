package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.wire.ErrorMessage;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Satoshi;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A side that has nothing left of its channel but the static part gets its money all the same. */
class RecoveryTest {
  private static final Amount PUSHED = new Amount(100_000_000);

  @ParameterizedTest
  @ValueSource(strings = {"pile", "driver"})
  void theHonestPeerClosesAndAllIsPaid(String loser) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      StaticChannel kept = kept(pair);
      pair.charge(2000, 60_000_000);
      var lost = party(pair, loser);
      Satoshi due = due(lost);
      lose(pair, lost, kept(lost));
      assertEquals(kept.funding(), kept(lost).funding(), "what is kept is fixed at the opening");
      pair.connect();
      pair.run();
      assertInstanceOf(Stage.Closing.class, lost.other().state.stage());
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(lost, due);
      pair.mine(ChannelPair.DELAY + ChannelPair.FINAL);
      assertInstanceOf(Stage.Closed.class, lost.other().state.stage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pile", "driver"})
  void aChannelOnWhichNothingWasEverPaidIsClosedToo(String loser) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      var lost = party(pair, loser);
      Satoshi due = due(lost);
      lose(pair, lost, kept(lost));
      pair.connect();
      pair.run();
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(lost, due);
    }
  }

  @Test
  void thePeerClosesAtTheNumbersAloneWhenTheRequestGetsLost() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      lose(pair, pair.pile, kept(pair));
      pair.connect();
      assertTrue(pair.driver.hear(), "the pile's channel_reestablish");
      assertInstanceOf(Stage.Closing.class, pair.driver.state.stage());
      assertTrue(
          pair.driver.alerts.stream().anyMatch(text -> text.contains("lost its data")),
          pair.driver.alerts::toString);
    }
  }

  @Test
  void theLosingSideAsksForAClose() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      lose(pair, pair.pile, kept(pair));
      pair.linked = true;
      pair.driver.on(new ChannelEvent.Connected());
      pair.pile.on(new ChannelEvent.Connected());
      pair.said.clear();
      assertTrue(pair.pile.hear(), "the driver's channel_reestablish");
      assertTrue(pair.said.stream().anyMatch(ErrorMessage.class::isInstance), pair.said::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pile", "driver"})
  void aPeerThatHadClosedBeforeIsFoundOnTheChain(String loser) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      var lost = party(pair, loser);
      Satoshi due = due(lost);
      pair.disconnect();
      lost.other().on(new ChannelEvent.CloseUnilaterally("it was silent"));
      for (int i = 0; i < 20; i++) {
        pair.ledger.mine(1);
        lost.other().look();
      }
      lose(pair, lost, kept(lost));
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(lost, due);
    }
  }

  @Test
  void whatWasClosedTogetherIsAtHomeAlready() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      StaticChannel kept = kept(pair);
      pair.pile.on(new ChannelEvent.CloseCooperatively());
      pair.run();
      lose(pair, pair.pile, kept);
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(pair.pile, new Satoshi(120_000));
      assertEquals(120_000, pair.pile.home().value());
    }
  }

  @Test
  void theOwnCommitmentThatWasOutBeforeTheLossIsTakenAfterItsDelay() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      StaticChannel kept = kept(pair);
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      lose(pair, pair.pile, kept);
      pair.mine(ChannelPair.DELAY - 1);
      assertEquals(0, pair.pile.home().value());
      pair.mine(ChannelPair.FINAL + 2);
      assertRecovered(pair.pile, new Satoshi(120_000));
    }
  }

  /** The lost secrets are what a penalty needs: the rest of this channel is the cheat's. */
  @Test
  void ofARevokedCommitmentOnlyTheOwnBalanceInItIsLeftAndTheOperatorIsToldSo() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      Channel old = pair.driver.stored;
      pair.charge(1000, 200_000_000);
      StaticChannel kept = kept(pair);
      lose(pair, pair.pile, kept);
      pair.driver.stored = old;
      pair.driver.restart();
      pair.driver.on(new ChannelEvent.CloseUnilaterally("a cheat"));
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(pair.pile, new Satoshi(100_000));
      assertTrue(
          pair.pile.alerts.stream().anyMatch(text -> text.contains("of a revoked one no more")),
          pair.pile.alerts::toString);
    }
  }

  @Test
  void aReorganisationThatUndoesTheCloseIsFollowed() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      pair.charge(1000, 20_000_000);
      Satoshi due = due(pair.pile);
      lose(pair, pair.pile, kept(pair));
      pair.connect();
      pair.run();
      pair.mine(2);
      pair.ledger.reorganise(3);
      pair.mine(ChannelPair.FINAL + 2);
      assertRecovered(pair.pile, due);
    }
  }

  /** Whatever was going on when the data was lost, and whoever restarts when. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void atAnyMomentTheLossCostsNothing(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, PUSHED);
      var lost = random.nextBoolean() ? pair.pile : pair.driver;
      StaticChannel kept = kept(lost);
      long claimed = 0;
      for (int i = 1 + random.nextInt(6); i > 0; i--) {
        claimed += 1 + random.nextInt(60_000_000);
        pair.claim(Direction.IMPORT, 100L * i, claimed);
        for (int j = random.nextInt(8); j > 0; j--) {
          pair.step();
        }
      }
      lose(pair, lost, kept);
      Satoshi due = theirs(lost.other());
      pair.connect();
      while (pair.step()) {
        if (random.nextInt(3) == 0) {
          lost.restart();
        }
      }
      pair.disconnect();
      pair.connect();
      pair.run();
      pair.mine(ChannelPair.FINAL + 1);
      assertRecovered(lost, due);
    }
  }

  private static StaticChannel kept(ChannelPair pair) {
    return kept(pair.pile);
  }

  private static StaticChannel kept(ChannelPair.Party party) {
    return party.state.kept().orElseThrow();
  }

  private static ChannelPair.Party party(ChannelPair pair, String name) {
    return name.equals("pile") ? pair.pile : pair.driver;
  }

  private static Satoshi due(ChannelPair.Party party) {
    return theirs(party.other());
  }

  /** What a party's latest commitment pays the other at once. */
  private static Satoshi theirs(ChannelPair.Party party) {
    return new Transactions(TwoParties.SIGNER, party.keys())
        .local(party.commitments())
        .toRemote()
        .orElseThrow()
        .amount();
  }

  private static void lose(ChannelPair pair, ChannelPair.Party lost, StaticChannel kept) {
    pair.disconnect();
    lost.stored = new Channel(Link.DOWN, new Stage.Recovering(kept, Optional.empty()));
    lost.restart();
    lost.alerts.clear();
  }

  /** All but the fee of the sweep. */
  private static void assertRecovered(ChannelPair.Party lost, Satoshi due) {
    Stage.Closed closed = assertInstanceOf(Stage.Closed.class, lost.state.stage());
    assertEquals(Outcome.RECOVERED, closed.outcome());
    long fee = due.value() - lost.home().value();
    assertTrue(fee >= 0 && fee < 2_000, () -> "due " + due + ", fee " + fee);
  }
}
