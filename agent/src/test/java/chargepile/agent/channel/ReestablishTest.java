package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** After a lost link or a restart both sides agree again, whatever was on its way. */
class ReestablishTest {

  @ParameterizedTest
  @CsvSource({
    "0,none",
    "1,none",
    "2,none",
    "3,none",
    "4,none",
    "5,none",
    "6,none",
    "0,pile",
    "1,pile",
    "2,pile",
    "3,pile",
    "4,pile",
    "5,pile",
    "6,pile",
    "0,driver",
    "1,driver",
    "2,driver",
    "3,driver",
    "4,driver",
    "5,driver",
    "6,driver"
  })
  void anUpdateCutAfterAnyMessageIsFinishedOrUndoneOnBothSides(int messages, String restarted) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 20_000_000);
      pair.claim(Direction.IMPORT, 2000, 40_000_000);
      for (int i = 0; i < messages; i++) {
        pair.step();
      }
      pair.disconnect();
      if (restarted.equals("pile")) {
        pair.pile.restart();
      } else if (restarted.equals("driver")) {
        pair.driver.restart();
      }
      pair.connect();
      pair.run();
      Agreement.assertAgreed(pair);
      assertEquals(
          new Amount(40_000_000), pair.pile.balance(), "the claim was signed, so it holds");
      pair.charge(3000, 60_000_000);
      assertEquals(new Amount(60_000_000), pair.pile.balance());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void aCooperativeCloseCutAfterAnyMessageComesToItsEnd(int messages) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 20_000_000);
      pair.driver.on(new ChannelEvent.CloseCooperatively());
      for (int i = 0; i < messages; i++) {
        pair.step();
      }
      pair.disconnect();
      pair.connect();
      pair.run();
      pair.mine(ChannelPair.FINAL + 1);
      assertEquals(
          Outcome.COOPERATIVE_CLOSE,
          assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
      assertEquals(20_000, pair.pile.home().value());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void anOpeningCutBeforeFundingLeavesBothWhole(int messages) {
    try (ChannelPair pair = new ChannelPair()) {
      long before = pair.driver.wallet.balance().value();
      pair.connect();
      pair.driver.on(
          new ChannelEvent.Open(
              new chargepile.agent.units.ChannelId(fr.acinq.bitcoin.ByteVector32.One),
              ChannelPair.CAPACITY,
              Amount.ZERO,
              new chargepile.agent.units.Feerate(2500)));
      for (int i = 0; i < messages; i++) {
        pair.step();
      }
      pair.disconnect();
      if (pair.driver.state.stage() instanceof Stage.Closed closed) {
        assertEquals(Outcome.ABANDONED, closed.outcome());
        assertEquals(before, pair.driver.wallet.balance().value());
      } else {
        pair.connect();
        pair.run();
        pair.mine(ChannelPair.DEPTH);
        assertTrue(pair.driver.has(ChannelNotice.Usable.class));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anOpeningForgottenInARestartIsGivenUpAndNotWaitedFor(int messages) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.connect();
      pair.driver.on(
          new ChannelEvent.Open(
              new chargepile.agent.units.ChannelId(fr.acinq.bitcoin.ByteVector32.One),
              ChannelPair.CAPACITY,
              Amount.ZERO,
              new chargepile.agent.units.Feerate(2500)));
      for (int i = 0; i < messages; i++) {
        pair.step();
      }
      pair.driver.restart();
      pair.pile.inbox.clear();
      pair.connect();
      assertEquals(
          Outcome.ABANDONED,
          assertInstanceOf(Stage.Closed.class, pair.driver.state.stage()).outcome());
    }
  }

  @Test
  void aPeerThatDidNotHearOfTheCloseIsToldAgain() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, new Amount(100_000_000));
      pair.disconnect();
      pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
      pair.connect();
      pair.run();
      assertInstanceOf(Stage.Closing.class, pair.driver.state.stage());
    }
  }

  @Test
  void aPileWithAnOldStoreNeverPublishesAndAsksForAClose() {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.charge(1000, 20_000_000);
      Channel old = pair.pile.stored;
      pair.charge(2000, 40_000_000);
      pair.charge(3000, 60_000_000);
      pair.disconnect();
      pair.pile.stored = old;
      pair.pile.restart();
      pair.connect();
      pair.run();
      assertInstanceOf(Stage.DataLost.class, pair.pile.state.stage());
      pair.mine(ChannelPair.FINAL + 1);
      assertEquals(
          (double) 60_000,
          (double) pair.pile.home().value(),
          1_000,
          "the peer closed; all is paid");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anyMixOfClaimsHtlcsFeesCutsAndRestartsEndsInAgreement(long seed) {
    Random random = new Random(seed);
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      long claimed = 0;
      for (int i = 0; i < 120; i++) {
        var party = random.nextBoolean() ? pair.pile : pair.driver;
        switch (random.nextInt(14)) {
          case 0, 1, 2 -> {
            long next = claimed + 1 + random.nextInt(100_000);
            pair.claim(Direction.IMPORT, i, next);
            claimed = next;
          }
          case 3 ->
              pair.driver.on(
                  new ChannelEvent.SetFeerate(
                      new chargepile.agent.units.Feerate(1000 + random.nextInt(4000))));
          case 5, 6 ->
              party.on(new Payment(i).offer(1_000 + random.nextInt(20_000_000), 1_000 + i));
          case 7, 8 -> answer(party, random);
          case 4 -> {
            pair.disconnect();
            (random.nextBoolean() ? pair.pile : pair.driver).restart();
            pair.connect();
          }
          default -> {
            for (int j = random.nextInt(5); j > 0; j--) {
              pair.step();
            }
          }
        }
      }
      pair.run();
      Agreement.assertAgreed(pair);
      pair.pile.on(new ChannelEvent.CloseCooperatively());
      do {
        pair.run();
      } while (answer(pair.pile, random) | answer(pair.driver, random));
      pair.run();
      pair.mine(ChannelPair.FINAL);
      assertEquals(
          Outcome.COOPERATIVE_CLOSE,
          assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
    }
  }

  static Stream<Arguments> cuts() {
    return IntStream.rangeClosed(0, 11)
        .boxed()
        .flatMap(n -> Stream.of("none", "pile", "driver").map(who -> Arguments.of(n, who)));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void anHtlcCutAfterAnyMessageIsPaidOnce(int messages, String restarted) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.driver.on(new Payment(0).offer(50_000_000, 500));
      for (int i = 0; i < messages; i++) {
        pair.step();
        Payment.fulfilAll(pair.pile, 1);
      }
      cut(pair, restarted);
      do {
        pair.run();
      } while (Payment.fulfilAll(pair.pile, 1));
      Agreement.assertAgreed(pair);
      assertEquals(new Amount(50_000_000), pair.pile.balance());
      assertTrue(pair.driver.notices.contains(paid()));
      assertEquals(Payments.NONE.preimages(), pair.driver.commitments().preimages());
      assertEquals(1, pair.driver.commitments().nextOfferedId());
    }
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void anHtlcGivenBackIsGivenBackWhateverIsCut(int messages, String restarted) {
    try (ChannelPair pair = new ChannelPair()) {
      pair.open(pair.driver, Amount.ZERO);
      pair.driver.on(new Payment(0).offer(50_000_000, 500));
      for (int i = 0; i < messages; i++) {
        pair.step();
        failAll(pair.pile);
      }
      cut(pair, restarted);
      do {
        pair.run();
      } while (failAll(pair.pile));
      Agreement.assertAgreed(pair);
      assertEquals(Amount.ZERO, pair.pile.balance());
      assertTrue(pair.driver.has(ChannelNotice.HtlcFailed.class));
    }
  }

  private static boolean failAll(ChannelPair.Party party) {
    var waiting = party.commitments().receivedHtlcs();
    waiting.forEach(htlc -> party.on(Payment.failure(htlc.id())));
    return !waiting.isEmpty();
  }

  private static ChannelNotice paid() {
    return new ChannelNotice.HtlcFulfilled(0, new Payment(0).preimage());
  }

  private static void cut(ChannelPair pair, String restarted) {
    pair.disconnect();
    if (restarted.equals("pile")) {
      pair.pile.restart();
    } else if (restarted.equals("driver")) {
      pair.driver.restart();
    }
    pair.connect();
  }

  private static boolean answer(ChannelPair.Party party, Random random) {
    if (!(party.state.stage() instanceof Stage.Normal)) {
      return false;
    }
    var waiting = party.commitments().receivedHtlcs();
    waiting.forEach(
        htlc ->
            party.on(
                random.nextBoolean()
                    ? Payment.failure(htlc.id())
                    : new ChannelEvent.FulfillHtlc(htlc.id(), Payment.of(htlc, 120).preimage())));
    return !waiting.isEmpty();
  }
}
