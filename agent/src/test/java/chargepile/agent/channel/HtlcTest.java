package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.tx.HtlcSide;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.Feerate;
import fr.acinq.bitcoin.ByteVector;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The life of an HTLC: offered, irrevocably committed, answered, gone from both commitments. */
class HtlcTest {
  private static final Payment PAYMENT = new Payment(1);
  private static final Amount PUSHED = new Amount(400_000_000);

  private final ChannelPair pair = new ChannelPair();

  @BeforeEach
  void open() {
    pair.open(pair.driver, PUSHED);
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void isToldOfOnceItIsIrrevocable() {
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    for (int i = 0; i < 4; i++) {
      pair.step();
      assertTrue(pair.pile.commitments().receivedHtlcs().isEmpty());
      assertFalse(pair.pile.has(ChannelNotice.HtlcReceived.class));
    }
    pair.run();
    assertTrue(pair.pile.notices.contains(received()));
    assertEquals(1, pair.pile.commitments().receivedHtlcs().size());
    Agreement.assertAgreed(pair);
  }

  @Test
  void isPaidWithItsPreimage() {
    committed();
    pair.pile.on(fulfilment());
    assertEquals(List.of(PAYMENT.preimage()), stored(pair.pile).preimages());
    assertTrue(pair.pile.commitments().receivedHtlcs().isEmpty(), "it is answered");
    pair.step();
    assertTrue(
        pair.driver.notices.contains(new ChannelNotice.HtlcFulfilled(0, PAYMENT.preimage())));
    assertEquals(List.of(PAYMENT.preimage()), stored(pair.driver).preimages());
    pair.run();
    assertEquals(PUSHED.plus(new Amount(50_000_000)), pair.pile.balance());
    assertSettled();
  }

  @Test
  void isGivenBackWithAReason() {
    committed();
    pair.pile.on(Payment.failure(0));
    pair.run();
    assertTrue(
        pair.driver.notices.contains(new ChannelNotice.HtlcFailed(0, new ByteVector("0bad"))));
    assertEquals(PUSHED, pair.pile.balance());
    assertSettled();
  }

  @Test
  void isFailedForTheOffererOnlyWhenNoCommitmentHasIt() {
    committed();
    pair.pile.on(Payment.failure(0));
    while (!pair.driver.has(ChannelNotice.HtlcFailed.class)) {
      assertEquals(1, pair.driver.commitments().offeredHtlcs().size());
      assertTrue(pair.step());
    }
    assertTrue(pair.driver.commitments().offeredHtlcs().isEmpty());
  }

  @Test
  void goesBothWaysBesidesClaims() {
    pair.pile.on(new Payment(2).offer(70_000_000, 600));
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.run();
    pair.charge(1000, 20_000_000);
    Agreement.assertAgreed(pair);
    assertEquals(2, pair.pile.commitments().local().allocation().spec().htlcs().size());
    assertEquals(2, pair.pile.commitments().local().remoteHtlcSignatures().size());
    Payment.fulfilAll(pair.pile, 3);
    Payment.fulfilAll(pair.driver, 3);
    pair.run();
    assertEquals(new Amount(400_000_000L - 70_000_000 + 50_000_000 + 20_000_000), balance());
    assertSettled();
  }

  @Test
  void manyAreSaidWhileTheLastSignatureIsUnderWay() {
    for (int i = 0; i < 10; i++) {
      pair.driver.on(new Payment(i).offer(1_000_000, 500));
    }
    pair.run();
    assertEquals(10, pair.pile.commitments().receivedHtlcs().size());
    assertEquals(10, pair.driver.commitments().nextOfferedId());
    assertTrue(pair.pile.commitments().local().number() <= 3, "they share commitments");
    Agreement.assertAgreed(pair);
  }

  @Test
  void lapsesWithTheLinkWhenItWasOnlySaidAndItsIdIsGivenAgain() {
    pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(3000)));
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.disconnect();
    assertEquals(
        new ChannelNotice.HtlcLapsed(0, "the link was lost before it was signed"),
        pair.driver.notices.getLast());
    assertEquals(0, pair.driver.commitments().nextOfferedId());
    pair.connect();
    pair.run();
    committed();
    assertEquals(1, pair.driver.commitments().nextOfferedId());
    Agreement.assertAgreed(pair);
  }

  @Test
  void lapsesOnceWhenTheChannelGoesToTheChainBeforeItWasSigned() {
    pair.driver.on(new ChannelEvent.SetFeerate(new Feerate(3000)));
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
    pair.disconnect();
    pair.mine(ChannelPair.DELAY + 2 * ChannelPair.FINAL);
    assertInstanceOf(Stage.Closed.class, pair.driver.state.stage());
    assertEquals(
        List.of(
            new ChannelNotice.HtlcLapsed(0, "the channel went to the chain before it was signed")),
        pair.driver.notices.stream().filter(ChannelNotice.HtlcLapsed.class::isInstance).toList());
  }

  @Test
  void isFailedWhenItsOutputIsNotWorthTheFee() {
    pair.pile.on(PAYMENT.offer(400_000, pair.chain.tip().value() + 100));
    pair.run();
    pair.driver.on(new ChannelEvent.CloseUnilaterally("test"));
    pair.mine(2 * ChannelPair.FINAL);
    assertInstanceOf(Stage.Closed.class, pair.pile.state.stage());
    assertTrue(pair.pile.has(ChannelNotice.HtlcFailed.class));
  }

  @Test
  void isToldOfAgainAfterARestart() {
    committed();
    pair.disconnect();
    pair.pile.restart();
    pair.pile.notices.clear();
    pair.connect();
    pair.run();
    assertEquals(List.of(received()), pair.pile.notices);
  }

  @Test
  void isPaidAfterTheReconnectionWhenThePreimageCameWithoutALink() {
    committed();
    pair.disconnect();
    pair.pile.on(fulfilment());
    assertEquals(List.of(PAYMENT.preimage()), stored(pair.pile).preimages());
    pair.pile.restart();
    pair.connect();
    pair.run();
    assertEquals(PUSHED.plus(new Amount(50_000_000)), pair.pile.balance());
    assertSettled();
  }

  @Test
  void isRememberedWithEveryRevokedCommitmentThatHadIt() {
    committed();
    long first = pair.pile.commitments().remote().number();
    pair.charge(1000, 20_000_000);
    Payment.fulfilAll(pair.pile, 2);
    pair.run();
    long last = pair.pile.commitments().remote().number();
    pair.charge(2000, 40_000_000);
    for (long number = 0; number <= last; number++) {
      int kept = pair.pile.errands.remembered(number).size();
      assertEquals(number >= first && number < last ? 1 : 0, kept, "commitment " + number);
    }
    assertEquals(HtlcSide.OFFERED, pair.pile.errands.remembered(first).getFirst().side());
  }

  @Test
  void commandsAgainstTheRulesChangeNothing() {
    committed();
    assertRefused(pair.pile, PAYMENT.offer(0, 500), "amount_msat is zero");
    assertRefused(pair.pile, PAYMENT.offer(999, 500), "below htlc_minimum_msat");
    assertRefused(pair.pile, PAYMENT.offer(1_000_000, 500_000_000), "is no block height");
    assertRefused(pair.pile, PAYMENT.offer(395_000_000, 500), "the balance does not suffice");
    assertRefused(pair.pile, PAYMENT.offer(Long.MAX_VALUE, 500), "the balance does not suffice");
    assertRefused(
        pair.pile,
        new ChannelEvent.AddHtlc(new Amount(5_000), PAYMENT.hash(), 500, ByteVector.empty),
        "an onion has 1366 bytes");
    assertRefused(
        pair.pile,
        new ChannelEvent.FulfillHtlc(0, new Payment(2).preimage()),
        "the preimage is not that of HTLC 0");
    assertRefused(
        pair.pile, new ChannelEvent.FulfillHtlc(3, PAYMENT.preimage()), "there is no HTLC 3");
    assertRefused(
        pair.pile,
        new ChannelEvent.FailHtlc(0, new ByteVector(new byte[1025])),
        "a reason has at most 1024 bytes");
    assertRefused(pair.driver, Payment.failure(0), "there is no HTLC 0");
    pair.pile.on(fulfilment());
    assertRefused(pair.pile, Payment.failure(0), "there is no HTLC 0");
    assertRefused(pair.pile, fulfilment(), "there is no HTLC 0");
  }

  @Test
  void theFunderKeepsEnoughForTwiceTheFeeAndOneMoreHtlc() {
    pair.charge(1000, 400_000_000);
    pair.driver.on(PAYMENT.offer(100_000_000, 500));
    pair.run();
    // 100,000 sat less a reserve of 10,000, anchors of 660, and 8,200 for three HTLCs at 5000
    // sat/kw.
    assertRefused(
        pair.driver,
        new Payment(2).offer(81_140_001, 500),
        "the balance left could not pay a fee twice as high");
    pair.driver.on(new Payment(2).offer(81_140_000, 500));
    pair.run();
    assertEquals(2, pair.pile.commitments().receivedHtlcs().size());
  }

  @Test
  void moneyThatAClaimOnItsWayTakesIsNotOffered() {
    pair.claim(Direction.IMPORT, 1000, 300_000_000);
    pair.driver.hear();
    assertRefused(pair.driver, PAYMENT.offer(300_000_000, 500), "the balance is claimed already");
  }

  @Test
  void anExpiredOfferIsTakenBackOnTheChain() {
    long expiry = pair.chain.tip().value() + 10;
    pair.driver.on(PAYMENT.offer(50_000_000, expiry));
    pair.run();
    pair.mine(10 + HtlcRules.GRACE - 1);
    assertInstanceOf(Stage.Normal.class, pair.driver.state.stage());
    pair.mine(1);
    assertInstanceOf(Stage.Closing.class, pair.driver.state.stage());
    assertEnding(
        pair.driver, "HTLC 0 expired at block %d and was not given back".formatted(expiry));
  }

  @Test
  void aPreimageThatIsNotAcknowledgedGoesToTheChainInTime() {
    long expiry = pair.chain.tip().value() + 40;
    pair.driver.on(PAYMENT.offer(50_000_000, expiry));
    pair.run();
    pair.disconnect();
    pair.pile.on(fulfilment());
    pair.mine(40 - HtlcRules.FULFILL_MARGIN - 1);
    assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
    pair.mine(1);
    assertEnding(
        pair.pile,
        "HTLC 0 expires at block %d and its preimage was not acknowledged".formatted(expiry));
    assertEquals(List.of(PAYMENT.preimage()), pair.pile.commitments().preimages());
  }

  @Test
  void anHtlcWhosePreimageIsUnknownDoesNotEndThePilesChannel() {
    long expiry = pair.chain.tip().value() + 5;
    pair.driver.on(PAYMENT.offer(50_000_000, expiry));
    pair.run();
    pair.mine(5);
    assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
  }

  @Test
  void aPreimageLearntWhileClosingIsKeptForTheChain() {
    committed();
    pair.pile.on(new ChannelEvent.CloseUnilaterally("test"));
    pair.pile.on(fulfilment());
    assertEquals(List.of(PAYMENT.preimage()), stored(pair.pile).preimages());
  }

  @Test
  void aCooperativeCloseWaitsUntilItIsAnswered() {
    committed();
    pair.driver.on(new ChannelEvent.CloseCooperatively());
    pair.pile.on(new ChannelEvent.CloseCooperatively());
    pair.run();
    assertTrue(pair.said.stream().noneMatch(Shutdown.class::isInstance));
    assertRefused(pair.driver, new Payment(2).offer(1_000_000, 500), "the channel is closing");
    pair.pile.on(fulfilment());
    pair.run();
    pair.mine(ChannelPair.FINAL);
    assertEquals(
        Outcome.COOPERATIVE_CLOSE,
        assertInstanceOf(Stage.Closed.class, pair.pile.state.stage()).outcome());
    assertEquals(450_000, pair.pile.home().value());
  }

  @Test
  void aShutdownHeardIsAnsweredWhenTheLastHtlcIs() {
    committed();
    pair.pile.on(
        new ChannelEvent.Received(
            new Shutdown(pair.pile.commitments().channelId(), pair.driver.home)));
    assertTrue(pair.said.stream().noneMatch(Shutdown.class::isInstance));
    pair.pile.on(Payment.failure(0));
    pair.run();
    assertTrue(pair.said.stream().anyMatch(Shutdown.class::isInstance));
  }

  @Test
  void anOfferThatCrossesTheShutdownLapsesWithTheClose() {
    pair.pile.on(new ChannelEvent.CloseCooperatively());
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.run();
    pair.mine(ChannelPair.FINAL);
    assertEquals(
        Outcome.COOPERATIVE_CLOSE,
        assertInstanceOf(Stage.Closed.class, pair.driver.state.stage()).outcome());
    assertEquals(400_000, pair.pile.home().value());
    assertTrue(
        pair.driver.notices.contains(
            new ChannelNotice.HtlcLapsed(0, "the channel was closed before the peer took it")));
  }

  @Test
  void aRefusalWithAnHtlcThereGoesToTheChain() {
    committed();
    pair.driver.on(new ChannelEvent.Refuse("not as agreed"));
    assertInstanceOf(Stage.Closing.class, pair.driver.state.stage());
    assertEnding(pair.driver, "not as agreed");
  }

  private void committed() {
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.run();
    assertEquals(1, pair.pile.commitments().receivedHtlcs().size());
  }

  private static ChannelEvent.FulfillHtlc fulfilment() {
    return new ChannelEvent.FulfillHtlc(0, PAYMENT.preimage());
  }

  private static ChannelNotice received() {
    return new ChannelNotice.HtlcReceived(
        0, new Amount(50_000_000), PAYMENT.hash(), 500, Payment.ONION);
  }

  private Amount balance() {
    return pair.pile.balance();
  }

  private static Commitments stored(ChannelPair.Party party) {
    return party.stored.commitments().orElseThrow();
  }

  private void assertSettled() {
    Agreement.assertAgreed(pair);
    for (var party : List.of(pair.pile, pair.driver)) {
      Commitments now = party.commitments();
      assertFalse(now.hasHtlcs());
      assertEquals(List.of(), now.preimages());
      assertEquals(List.of(), now.payments().waiting());
      assertTrue(now.localChanges().isEmpty() && now.remoteChanges().isEmpty());
    }
  }

  private static void assertRefused(
      ChannelPair.Party party, ChannelEvent.Command command, String reason) {
    Channel before = party.state;
    party.on(command);
    assertEquals(before, party.state);
    String said =
        assertInstanceOf(ChannelNotice.CommandRefused.class, party.notices.getLast()).reason();
    assertTrue(said.contains(reason), said);
  }

  private static void assertEnding(ChannelPair.Party party, String reason) {
    assertTrue(
        party.notices.contains(new ChannelNotice.Ending(reason)), () -> party.notices.toString());
  }
}
