package chargepile.agent.runtime;

import static chargepile.agent.runtime.StoredPile.DEPOSIT;
import static chargepile.agent.runtime.StoredPile.PAST;
import static chargepile.agent.runtime.StoredPile.SETUP;
import static chargepile.agent.runtime.StoredPile.madeUp;
import static chargepile.agent.runtime.StoredPile.missing;
import static chargepile.agent.runtime.StoredPile.open;
import static chargepile.agent.runtime.StoredPile.opening;
import static chargepile.agent.runtime.StoredPile.paid;
import static chargepile.agent.runtime.StoredPile.setup;
import static chargepile.agent.runtime.StoredPile.takingUp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.voucher.Deposits;
import chargepile.agent.voucher.Party;
import chargepile.agent.voucher.VoucherChannel;
import chargepile.agent.voucher.VoucherOutcome;
import chargepile.agent.voucher.VoucherSetup;
import chargepile.agent.voucher.VoucherStage;
import chargepile.agent.voucher.wire.VoucherMessage.AcceptVoucherChannel;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherChannelReady;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherError;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PublicKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels that exist by the word of a driver alone. Words cost nothing, so nothing is kept of them
 * and they keep out nobody; once the chain shows such a channel it is one like every other, however
 * often it was forgotten before.
 */
class HearsayTest {
  private static final long NOW = 1_800_000_000;
  private static final long DAY = 86_400;
  private static final int MANY = 150;

  private static final EvmAddress ACCOUNT = SETUP.a();
  private static final VoucherSetup CHANNEL = setup(ACCOUNT, 4711);

  @TempDir Path folder;
  private StoredPile pile;
  private PublicKey driver;

  @BeforeEach
  void start() {
    pile = new StoredPile(folder);
    driver = pile.connect("driver");
  }

  @AfterEach
  void stop() {
    pile.close();
  }

  private void agree() {
    pile.hear(driver, opening(ACCOUNT, CHANNEL.openNonce()));
    assertInstanceOf(AcceptVoucherChannel.class, pile.said.getFirst());
  }

  /** Each says it under a node key and an account of its own, and hangs up. */
  private void strangers() {
    for (int i = 0; i < MANY; i++) {
      PublicKey stranger = pile.connect("stranger " + i);
      pile.hear(stranger, opening(madeUp(i), 7));
      assertInstanceOf(AcceptVoucherChannel.class, pile.said.getFirst());
      pile.disconnect(stranger);
    }
  }

  private void reconnect() {
    pile.disconnect(driver);
    driver = pile.connect("driver");
    pile.hear(driver, takingUp(CHANNEL));
  }

  private void isWaitedFor() {
    assertTrue(pile.leg(driver).isUnopened());
    assertEquals(CHANNEL, pile.book(driver).setup());
  }

  /** The chain shows it, first in a block and then finally, and both say so. */
  private void opens() {
    pile.see(driver, NOW + 60, open(DEPOSIT.value()), missing());
    assertEquals(List.of(CHANNEL.id().value()), pile.stored());
    pile.see(driver, NOW + 120, open(DEPOSIT.value()), open(DEPOSIT.value()));
    assertInstanceOf(VoucherChannelReady.class, pile.said.getFirst());
    pile.hear(
        driver, new VoucherChannelReady(CHANNEL.id(), DEPOSIT, pile.book(driver).deposits().b()));
    assertTrue(pile.leg(driver).isUsable());
  }

  @Test
  void openingsThatAreOnlySaidLeaveNothingBehind() {
    strangers();
    assertEquals(List.of(), pile.stored());
    assertEquals(0, pile.commits);
    assertEquals(0, pile.published);
    assertEquals(List.of(), pile.alerts);
    assertTrue(pile.pile.channels().size() <= 32);
    pile.restart();
    assertEquals(0, pile.pile.channels().size());
  }

  @Test
  void norDoesOneThatTheChainDoesNotShowForADay() {
    agree();
    pile.see(driver, NOW, missing(), missing());
    pile.see(driver, NOW + DAY - 1, missing(), missing());
    isWaitedFor();
    pile.see(driver, NOW + DAY, missing(), missing());
    VoucherError error = assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(Optional.of(CHANNEL.id()), error.channelId());
    assertEquals(0, pile.pile.channels().size());
    assertEquals(0, pile.commits);
    assertEquals(List.of(), pile.alerts);
  }

  @Test
  void anHonestOpenerAmongStrangersIsWaitedFor() {
    agree();
    strangers();
    isWaitedFor();
    opens();
  }

  @Test
  void itWaitsAlsoWhileItHasNoLink() {
    agree();
    pile.disconnect(driver);
    pile.see(driver, NOW, open(DEPOSIT.value()), missing());
    strangers();
    assertFalse(pile.leg(driver).isUnopened());
    assertEquals(List.of(CHANNEL.id().value()), pile.stored());
  }

  @Test
  void oneThatStrangersPushedOutIsTakenUpAgain() {
    agree();
    pile.disconnect(driver);
    strangers();
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(driver).life());
    reconnect();
    assertInstanceOf(VoucherReestablish.class, pile.said.getFirst());
    isWaitedFor();
    opens();
  }

  @Test
  void oneThatComesAfterItWasForgottenIsTakenUpAgain() {
    agree();
    pile.see(driver, NOW, missing(), missing());
    pile.see(driver, NOW + DAY, missing(), missing());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(driver).life());
    reconnect();
    isWaitedFor();
    opens();
  }

  @Test
  void aRestartInBetweenForgetsItAndTheDriverTakesItUpAgain() {
    agree();
    pile.restart();
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(driver).life());
    reconnect();
    isWaitedFor();
    opens();
  }

  @Test
  void likewiseWhereAChannelWithTheDriverIsOver() {
    pile.stands(
        driver,
        new VoucherStage.Closed(VoucherOutcome.COOPERATIVE_CLOSE, "test", Optional.of(PAST)));
    driver = pile.connect("driver");
    agree();
    pile.restart();
    assertEquals(PaymentLeg.Life.CLOSED, pile.leg(driver).life());
    reconnect();
    isWaitedFor();
    pile.see(driver, NOW, open(DEPOSIT.value()), missing());
    pile.restart();
    assertEquals(CHANNEL, pile.book(driver).setup());
    assertEquals(2, pile.stored().size());
  }

  @Test
  void whatTheChainShowedOnceIsKeptThroughAReorganisation() {
    agree();
    pile.see(driver, NOW, open(DEPOSIT.value()), missing());
    pile.see(driver, NOW + 1, missing(), missing());
    pile.see(driver, NOW + 2 * DAY, missing(), missing());
    pile.disconnect(driver);
    strangers();
    pile.restart();
    assertEquals(CHANNEL, pile.book(driver).setup());
    reconnect();
    opens();
    pile.restart();
    assertTrue(pile.leg(driver).life() == PaymentLeg.Life.IN_USE);
  }

  /** Of what is known of it nothing says who is right: who came first stays. */
  @Test
  void twoNodesHaveNotTheSameChannel() {
    agree();
    PublicKey other = pile.connect("other");
    pile.hear(other, opening(ACCOUNT, CHANNEL.openNonce()));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    pile.hear(other, takingUp(CHANNEL));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(other).life());
    opens();
  }

  @Test
  void whoWaitsMayOpenAnotherInstead() {
    agree();
    pile.hear(driver, opening(ACCOUNT, 9));
    assertInstanceOf(AcceptVoucherChannel.class, pile.said.getFirst());
    assertEquals(9, pile.book(driver).setup().openNonce());
    assertEquals(0, pile.commits);
  }

  @Test
  void anEmptyChannelIsNotTheOneThatWasAgreedTo() {
    agree();
    pile.see(driver, NOW, open(0), open(0));
    isWaitedFor();
    assertEquals(List.of(), pile.stored());
  }

  @Test
  void aChannelThatIsMadeUpIsNotTakenForLost() {
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(CHANNEL, 800, 1))));
    assertEquals(PaymentLeg.Life.SETTLING, pile.leg(driver).life());
    pile.see(driver, NOW, missing(), missing());
    leftNothing();
  }

  @Test
  void norIsOneWithNothingInIt() {
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(CHANNEL, 800, 1))));
    pile.see(driver, NOW, open(0), open(0));
    leftNothing();
  }

  private void leftNothing() {
    assertEquals(0, pile.pile.channels().size());
    assertEquals(List.of(), pile.stored());
    assertEquals(List.of(), pile.alerts);
    assertEquals(0, pile.commits);
  }

  @Test
  void oneThatTheChainHasIsStoredAndTheOperatorTold() {
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(CHANNEL, 800, 1))));
    pile.see(driver, NOW, open(DEPOSIT.value()), missing());
    assertEquals(List.of(CHANNEL.id().value()), pile.stored());
    assertTrue(pile.alerts.getLast().contains("this store is older"), pile.alerts::toString);
    assertEquals(1, pile.alerts.size());
    pile.restart();
    assertEquals("DataLost", pile.leg(driver).title());
    assertEquals(800, pile.book(driver).received().orElseThrow().voucher().cumulative().value());
    // As it is stored by now, a view without it ends it as it ends every other.
    pile.see(driver, NOW + 1, open(DEPOSIT.value()), open(DEPOSIT.value()));
    assertEquals("DataLost", pile.leg(driver).title());
    assertEquals(1, pile.alerts.size());
  }

  @Test
  void whatNobodyCanHaveSignedIsAnsweredAndNothingElse() {
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(setup(ACCOUNT, 1), 800, 1))));
    assertInstanceOf(VoucherError.class, pile.said.getFirst());
    leftNothing();
    agree();
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(CHANNEL, 0, 1))));
    leftNothing();
  }

  /** A pile opens none, so that who names it as the opener has said nothing either. */
  @Test
  void norIsOneThatThePileIsSaidToHaveOpened() {
    VoucherSetup said =
        new VoucherSetup(
            CHANNEL.domain(),
            CHANNEL.token(),
            CHANNEL.b(),
            ACCOUNT,
            4711,
            CHANNEL.challengePeriod(),
            Party.A,
            true);
    pile.hear(driver, takingUp(said));
    assertEquals(List.of(), pile.stored());
    assertEquals(0, pile.commits);
    assertEquals(List.of(), pile.alerts);
    pile.see(driver, NOW, missing(), missing());
    leftNothing();
  }

  @Test
  void channelsThatAreSaidToBeLostAreBounded() {
    for (int i = 0; i < 40; i++) {
      VoucherSetup lost = setup(ACCOUNT, 100 + i);
      PublicKey stranger = pile.connect("stranger " + i);
      pile.hear(stranger, takingUp(lost, Optional.of(paid(lost, 1, 1))));
    }
    assertEquals(32, pile.waiting(PaymentLeg.Life.SETTLING));
    assertEquals(PaymentLeg.Life.ABSENT, pile.leg(StoredPile.node("stranger 39")).life());
    VoucherError error = assertInstanceOf(VoucherError.class, pile.said.getFirst());
    assertTrue(error.channelId().isEmpty(), "it is closed over none");
    assertTrue(error.text().contains("32 lost channels"), error::text);
    assertEquals(List.<ByteVector32>of(), pile.stored());
  }

  @Test
  void thoseThatWereRestoredKeepNobodyOut() {
    for (int i = 0; i < 32; i++) {
      PublicKey known = StoredPile.node("restored " + i);
      VoucherChannel lost =
          VoucherChannel.found(setup(madeUp(i), 100 + i), new Deposits(DEPOSIT, new Amount(0)));
      pile.stands(known, new VoucherStage.DataLost(lost.book().orElseThrow(), true));
    }
    driver = pile.connect("driver");
    pile.hear(driver, takingUp(CHANNEL, Optional.of(paid(CHANNEL, 800, 1))));
    pile.see(driver, NOW, open(DEPOSIT.value()), missing());
    assertEquals("DataLost", pile.leg(driver).title());
    assertEquals(33, pile.stored().size());
  }
}
