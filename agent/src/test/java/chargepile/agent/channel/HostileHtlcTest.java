package chargepile.agent.channel;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.wire.ChannelMessage;
import chargepile.agent.channel.wire.CommitmentSigned;
import chargepile.agent.channel.wire.Shutdown;
import chargepile.agent.channel.wire.UpdateAddHtlc;
import chargepile.agent.channel.wire.UpdateFailHtlc;
import chargepile.agent.channel.wire.UpdateFulfillHtlc;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A driver that cheats with HTLCs: the pile says what was wrong and goes to the chain. */
class HostileHtlcTest {
  private static final Payment PAYMENT = new Payment(1);

  private final ChannelPair pair = new ChannelPair();

  @BeforeEach
  void open() {
    pair.open(pair.driver, new Amount(600_000_000));
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void anHtlcOfNothing() {
    hear(htlc(0, 0, 500));
    assertEndedFor("UpdateAddHtlc: amount_msat is zero");
  }

  @Test
  void anHtlcUnderTheMinimum() {
    hear(htlc(0, 999, 500));
    assertEndedFor("UpdateAddHtlc: amount_msat 999 is below htlc_minimum_msat 1,000");
  }

  @Test
  void anHtlcOfMoreThanTheBalanceLessReserveAndFee() {
    hear(htlc(0, 389_000_000, 500));
    assertEndedFor("UpdateAddHtlc: the balance does not suffice");
  }

  @Test
  void anHtlcOfMoreThanThereIsInTheWorld() {
    hear(htlc(0, Long.MAX_VALUE, 500));
    assertEndedFor("UpdateAddHtlc: the balance does not suffice");
  }

  @Test
  void moreInFlightThanThePileTakes() {
    pair.pile.on(new Payment(9).offer(300_000_000, 500));
    pair.run();
    Payment.fulfilAll(pair.driver, 10);
    pair.run();
    hear(htlc(0, 300_000_000, 500));
    hear(htlc(1, 200_000_001, 500));
    assertEndedFor("UpdateAddHtlc: more than max_htlc_value_in_flight_msat 500,000,000");
  }

  @Test
  void moreHtlcsThanThePileTakes() {
    for (int id = 0; id < 30; id++) {
      hear(htlc(id, 1_000_000, 500));
      assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
    }
    hear(htlc(30, 1_000_000, 500));
    assertEndedFor("UpdateAddHtlc: more than max_accepted_htlcs 30");
  }

  @Test
  void moreDustThanThePileRisks() {
    for (int id = 0; id < 28; id++) {
      hear(htlc(id, 353_999, 500));
      assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
    }
    hear(htlc(28, 353_999, 500));
    assertEndedFor("UpdateAddHtlc: HTLCs below the dust limit are more than 10,000,000 msat");
  }

  @Test
  void anIdThatLeavesAGap() {
    hear(htlc(1, 1_000_000, 500));
    assertEndedFor("UpdateAddHtlc: the HTLC has id 1, but 0 is the next");
  }

  @Test
  void anIdThatWasGivenAlready() {
    hear(htlc(0, 1_000_000, 500));
    hear(htlc(0, 1_000_000, 500));
    assertEndedFor("UpdateAddHtlc: the HTLC has id 0, but 1 is the next");
  }

  @Test
  void anExpiryThatIsATimeAndNoHeight() {
    hear(htlc(0, 1_000_000, 500_000_000));
    assertEndedFor("UpdateAddHtlc: cltv_expiry 500000000 is no block height");
  }

  @Test
  void anExpiryAtTheBeginningOfTime() {
    hear(htlc(0, 1_000_000, 0));
    assertEndedFor("UpdateAddHtlc: cltv_expiry 0 is no block height");
  }

  @Test
  void aWrongPreimage() {
    offered();
    hear(new UpdateFulfillHtlc(id(), 0, new Payment(2).preimage()));
    assertEndedFor("UpdateFulfillHtlc: the preimage is not that of HTLC 0");
  }

  @Test
  void anAnswerToAnHtlcThatDoesNotExist() {
    offered();
    hear(new UpdateFulfillHtlc(id(), 7, PAYMENT.preimage()));
    assertEndedFor("UpdateFulfillHtlc: there is no HTLC 7 to be answered");
  }

  @Test
  void anAnswerToItsOwnHtlc() {
    pair.driver.on(PAYMENT.offer(1_000_000, 500));
    pair.run();
    hear(new UpdateFulfillHtlc(id(), 0, PAYMENT.preimage()));
    assertEndedFor("UpdateFulfillHtlc: there is no HTLC 0 to be answered");
  }

  @Test
  void aFulfilmentBeforeTheHtlcIsIrrevocable() {
    pair.pile.on(PAYMENT.offer(1_000_000, 500));
    pair.driver.hear();
    pair.driver.hear();
    pair.pile.hear();
    hear(new UpdateFulfillHtlc(id(), 0, PAYMENT.preimage()));
    assertEndedFor("UpdateFulfillHtlc: there is no HTLC 0 to be answered");
  }

  @Test
  void aFulfilmentSaidTwice() {
    offered();
    hear(new UpdateFulfillHtlc(id(), 0, PAYMENT.preimage()));
    hear(new UpdateFulfillHtlc(id(), 0, PAYMENT.preimage()));
    assertEndedFor("UpdateFulfillHtlc: there is no HTLC 0 to be answered");
    assertTrue(pair.pile.commitments().preimages().contains(PAYMENT.preimage()), "kept anyway");
  }

  @Test
  void aFailureOfWhatWasFulfilled() {
    offered();
    hear(new UpdateFulfillHtlc(id(), 0, PAYMENT.preimage()));
    hear(new UpdateFailHtlc(id(), 0, ByteVector.empty));
    assertEndedFor("UpdateFailHtlc: there is no HTLC 0 to be answered");
  }

  @Test
  void aFailureWithAnEndlessReason() {
    offered();
    hear(new UpdateFailHtlc(id(), 0, new ByteVector(new byte[1025])));
    assertEndedFor("UpdateFailHtlc: the reason has more than 1024 bytes");
  }

  @Test
  void anHtlcAfterItsShutdown() {
    offered();
    hear(new Shutdown(id(), pair.driver.home));
    assertInstanceOf(Stage.Normal.class, pair.pile.state.stage());
    hear(htlc(0, 1_000_000, 500));
    assertEndedFor("UpdateAddHtlc: update_add_htlc after shutdown");
  }

  @Test
  void aCommitmentWithoutTheHtlcsSignature() {
    CommitmentSigned honest = signedWithHtlc();
    hear(new CommitmentSigned(id(), honest.signature(), List.of()));
    assertEndedFor("CommitmentSigned: commitment 1 has 1 HTLC outputs, but 0 signatures came");
  }

  @Test
  void aWrongSignatureOnAnHtlc() {
    CommitmentSigned honest = signedWithHtlc();
    hear(new CommitmentSigned(id(), honest.signature(), List.of(ByteVector64.Zeroes)));
    assertEndedFor("CommitmentSigned: the signature on HTLC 0 of commitment 1 is not valid");
  }

  @Test
  void anHtlcThatCrossesAClaimOfTheSameMoney() {
    pair.claim(Direction.IMPORT, 1000, 200_000_000);
    hear(htlc(0, 300_000_000, 500));
    assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
    assertTrue(
        pair.pile.notices.stream()
            .anyMatch(
                notice ->
                    notice instanceof ChannelNotice.Ending(String reason)
                        && reason.startsWith("an HTLC crossed a claim on the same balance")),
        () -> pair.pile.notices.toString());
  }

  /** The pile's HTLC, irrevocably committed. */
  private void offered() {
    pair.pile.on(PAYMENT.offer(50_000_000, 500));
    pair.run();
  }

  /** The pile has heard an HTLC, and what the driver signs for it is not delivered. */
  private CommitmentSigned signedWithHtlc() {
    pair.driver.on(PAYMENT.offer(50_000_000, 500));
    pair.pile.hear();
    return (CommitmentSigned) pair.pile.inbox.removeFirst();
  }

  private UpdateAddHtlc htlc(long id, long millisatoshi, long expiry) {
    return new UpdateAddHtlc(
        id(), id, new Amount(millisatoshi), PAYMENT.hash(), expiry, Payment.ONION);
  }

  private ChannelId id() {
    return pair.pile.commitments().channelId();
  }

  private void hear(ChannelMessage message) {
    pair.pile.on(new ChannelEvent.Received(message));
  }

  private void assertEndedFor(String reason) {
    assertInstanceOf(Stage.Closing.class, pair.pile.state.stage());
    assertTrue(pair.pile.alerts.getLast().contains(reason), () -> pair.pile.alerts.getLast());
  }
}
