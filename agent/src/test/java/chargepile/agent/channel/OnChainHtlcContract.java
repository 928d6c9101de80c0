package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.DrivenChain;
import chargepile.agent.units.Amount;
import fr.acinq.bitcoin.ByteVector32;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel closed by one side alone while HTLCs are in it (BOLT 5). */
abstract class OnChainHtlcContract {
  private static final int DELAY = 10;
  private static final int EXPIRY = 30;
  private static final long PAID = 50_000;
  private static final long UNPAID = 30_000;
  private static final long DUST = 300;

  private static final ByteVector32 OF_PILE = new ByteVector32("01".repeat(32));
  private static final ByteVector32 OF_DRIVER = new ByteVector32("02".repeat(32));
  private static final ByteVector32 NOT_SHOWN = new ByteVector32("03".repeat(32));

  private final TwoParties pair;

  /** A contract on a chain that is closed when the test ends. */
  OnChainHtlcContract(DrivenChain ledger) {
    pair = new TwoParties(ledger, DELAY);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyHtlcGoesWhereItsPreimageOrItsTimeoutSendsIt(boolean pileCloses) {
    var closer = open(pileCloses);
    closer.on(new ChannelEvent.CloseUnilaterally("test"));
    know(OF_PILE, pair.driver);
    know(OF_DRIVER, pair.pile);
    settle();
    for (var party : List.of(pair.pile, pair.driver)) {
      ByteVector32 shown = party == pair.pile ? OF_PILE : OF_DRIVER;
      assertTrue(party.notices.contains(new ChannelNotice.HtlcFulfilled(0, shown)), party.name);
      assertEquals(
          List.of(1L, 2L),
          party.notices.stream()
              .filter(ChannelNotice.HtlcFailed.class::isInstance)
              .map(notice -> ((ChannelNotice.HtlcFailed) notice).id())
              .sorted()
              .toList(),
          party.name);
    }
    // Each has what the other's preimage gave, and its own unpaid HTLCs back.
    assertEquals(300_000.0 - DUST, (double) pair.pile.home().value(), 5_000);
    assertEquals(700_000.0 - DUST, (double) pair.driver.home().value(), 8_000);
    assertNoRefusals();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutPreimagesEveryHtlcGoesBack(boolean pileCloses) {
    var closer = open(pileCloses);
    closer.on(new ChannelEvent.CloseUnilaterally("test"));
    settle();
    assertEquals(
        0,
        pair.pile.notices.stream().filter(ChannelNotice.HtlcFulfilled.class::isInstance).count());
    assertEquals(300_000.0 - DUST, (double) pair.pile.home().value(), 5_000);
    assertEquals(700_000.0 - DUST, (double) pair.driver.home().value(), 8_000);
  }

  @ParameterizedTest
  @CsvSource({"true,1", "true,4", "false,1", "false,4"})
  void aReorganisationIsSettledAnew(boolean pileCloses, int depth) {
    var closer = open(pileCloses);
    closer.on(new ChannelEvent.CloseUnilaterally("test"));
    know(OF_PILE, pair.driver);
    know(OF_DRIVER, pair.pile);
    pair.mine(4);
    pair.ledger.reorganise(depth);
    pair.pile.restart();
    settle();
    assertTrue(pair.pile.notices.contains(new ChannelNotice.HtlcFulfilled(0, OF_PILE)));
    assertEquals(300_000.0 - DUST, (double) pair.pile.home().value(), 5_000);
    assertEquals(700_000.0 - DUST, (double) pair.driver.home().value(), 8_000);
  }

  /** With two HTLCs of each that have an output, and one that has none. */
  private TwoParties.Party open(boolean pileCloses) {
    pair.open(pair.driver, new Amount(300_000_000));
    for (var party : List.of(pair.pile, pair.driver)) {
      pair.offer(party, PAID, party == pair.pile ? OF_PILE : OF_DRIVER, EXPIRY);
      pair.offer(party, UNPAID, NOT_SHOWN, EXPIRY);
      pair.offer(party, DUST, NOT_SHOWN, EXPIRY);
    }
    pair.disconnect();
    return pileCloses ? pair.pile : pair.driver;
  }

  /** A hub learns a preimage from elsewhere. */
  private static void know(ByteVector32 preimage, TwoParties.Party party) {
    party.on(new ChannelEvent.FulfillHtlc(0, preimage));
  }

  private void settle() {
    for (int i = 0; i < EXPIRY + Findings.HTLC_WINDOW + DELAY + TwoParties.FINAL; i++) {
      if (isClosed(pair.pile) && isClosed(pair.driver)) {
        break;
      }
      pair.mine(1);
    }
    for (var party : List.of(pair.pile, pair.driver)) {
      assertEquals(
          Outcome.UNILATERAL_CLOSE,
          assertInstanceOf(Stage.Closed.class, party.state.stage(), party.name).outcome());
    }
  }

  private static boolean isClosed(TwoParties.Party party) {
    return party.state.stage() instanceof Stage.Closed;
  }

  private void assertNoRefusals() {
    for (var party : List.of(pair.pile, pair.driver)) {
      assertTrue(party.errands.refusals().isEmpty(), () -> party.name + party.errands.refusals());
      assertTrue(
          party.alerts.stream().noneMatch(text -> text.contains("unpaid")),
          () -> party.name + party.alerts);
    }
  }
}
