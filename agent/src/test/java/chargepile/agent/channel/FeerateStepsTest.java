package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The funder's commitments follow the chain's feerate by themselves. */
class FeerateStepsTest {
  @ParameterizedTest
  @CsvSource({
    "2500,2500",
    "3100,2500",
    "3200,3200",
    "40000,40000",
    "900,2500",
    "800,800",
    "99999,50000",
    "1,253"
  })
  void aFeerateFarFromTheChainsIsSetAnewWithinTheBounds(long chain, long expected) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.chain.feerate(new Feerate(2500));
      pair.open(pair.driver, new Amount(100_000_000));
      pair.chain.feerate(new Feerate(chain));
      pair.mine(1);
      for (var party : new TwoParties.Party[] {pair.pile, pair.driver}) {
        assertEquals(
            new Feerate(expected), party.commitments().local().allocation().spec().feerate());
      }
    }
  }

  @Test
  void aFunderThatCannotAffordItLeavesItToTheAnchors() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.chain.feerate(new Feerate(2500));
      pair.open(pair.driver, new Amount(940_000_000));
      pair.chain.feerate(new Feerate(45_000));
      pair.mine(2);
      assertEquals(
          new Feerate(2500), pair.driver.commitments().local().allocation().spec().feerate());
      assertEquals(Link.UP, pair.driver.state.link());
    }
  }

  @Test
  void nothingIsSaidWithoutALinkOrWhileTheChannelCloses() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.chain.feerate(new Feerate(2500));
      pair.open(pair.driver, Amount.ZERO);
      pair.disconnect();
      pair.chain.feerate(new Feerate(10_000));
      pair.mine(1);
      assertEquals(
          new Feerate(2500), pair.driver.commitments().local().allocation().spec().feerate());
      assertEquals(false, pair.driver.has(ChannelNotice.CommandRefused.class));
    }
  }
}
