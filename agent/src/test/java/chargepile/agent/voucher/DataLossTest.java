package chargepile.agent.voucher;

import static chargepile.agent.units.Direction.EXPORT;
import static chargepile.agent.units.Direction.IMPORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.voucher.VoucherStage.Closed;
import chargepile.agent.voucher.VoucherStage.Closing;
import chargepile.agent.voucher.VoucherStage.DataLost;
import chargepile.agent.voucher.codec.VoucherChannelCodec;
import chargepile.agent.voucher.eip712.Voucher;
import chargepile.agent.voucher.wire.VoucherMessage;
import chargepile.agent.voucher.wire.VoucherMessage.VoucherReestablish;
import fr.acinq.bitcoin.ByteVector32;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A side comes back from an old copy of its store. */
class DataLossTest {
  private final VoucherPair pair = new VoucherPair();
  private final VoucherPair.Party driver = pair.driver;
  private final VoucherPair.Party pile = pair.pile;

  @BeforeEach
  void opened() {
    pair.open(driver, 50_000);
    pair.charge(IMPORT, 1_000_000, 3000);
  }

  private void loses(VoucherPair.Party party) {
    byte[] old = party.stored;
    pair.charge(IMPORT, 2_000_000, 6000);
    pair.charge(EXPORT, 100_000, 500);
    party.stored = old;
    party.die();
    pair.connect();
  }

  @Test
  void aDriverThatLostItsDataKeepsWhatItIsShownAndSignsNothing() {
    loses(driver);
    pair.deliver(pile);
    driver.stage(DataLost.class);
    assertEquals(3, driver.book().seqOf(Party.A), "its own latest voucher is the pile's proof");
    assertEquals(new Amount(500), driver.book().paidBy(Party.B));
    assertTrue(driver.alerts.getFirst().contains("older than the channel"));
    assertFalse(driver.standing().isUsable());
  }

  @Test
  void thePeerOfADriverThatLostItsDataClosesAndBothGetWhatIsTheirs() {
    loses(driver);
    pair.run();
    pair.settle();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_005_500, pair.ledger.balance(pile.address));
    assertEquals(994_500, pair.ledger.balance(driver.address));
  }

  @Test
  void aPileThatLostItsDataGetsItAllFromAnHonestDriver() {
    loses(pile);
    pair.run();
    assertTrue(pile.alerts.getFirst().contains("older than the channel"));
    pair.settle();
    pair.settle();
    assertEquals(1_005_500, pair.ledger.balance(pile.address));
    assertEquals(994_500, pair.ledger.balance(driver.address));
  }

  @Test
  void noVoucherIsSignedAndNothingClosedOfItsOwnAccordFromLostData() {
    driver.actsOnChain = false;
    loses(pile);
    pair.deliver(driver);
    pile.stage(DataLost.class);
    pile.on(new VoucherEvent.ClaimEnergy(VoucherPair.claim(IMPORT, 3_000_000, 9000)));
    assertTrue(pile.last(VoucherNotice.CommandRefused.class).isPresent());
    pair.disconnect();
    pair.blocks(3);
    assertTrue(pair.ledger.view(pile.book().setup()).latest() instanceof OnLedger.Open);
  }

  @Test
  void anOperatorMayCloseWithWhatThePeerShowedShouldItDoNothing() {
    driver.actsOnChain = false;
    loses(pile);
    pair.deliver(driver);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseUnilaterally("the driver does not"));
    pair.block();
    pair.settle();
    assertEquals(1_006_000, pair.ledger.balance(pile.address), "the driver presents nothing");
  }

  /** Nothing can be signed by both, so it is done alone. */
  @Test
  void anOrdinaryCloseDoesTheSame() {
    driver.actsOnChain = false;
    loses(pile);
    pair.deliver(driver);
    pair.disconnect();
    pile.on(new VoucherEvent.CloseCooperatively());
    pair.block();
    pair.settle();
    assertEquals(1_006_000, pair.ledger.balance(pile.address));
  }

  /** It costs the peer nothing, so it proves nothing of this side's store. */
  @Test
  void aVoucherThatNobodyAskedForEndsTheChannelAsAnyBreachDoes() {
    pair.connect();
    shows(new Voucher(pile.book().id(), driver.address, new Amount(3000), 2, ByteVector32.One));
    assertTrue(pile.stage(Closing.class).reason().contains("nobody asked for"));
    driver.actsOnChain = false;
    pair.settle();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  @Test
  void aPileFromAnOldStoreThatSignedNothingSinceClosesWithWhatItIsShown() {
    byte[] old = pile.stored;
    pair.charge(IMPORT, 2_000_000, 6000);
    pair.charge(IMPORT, 3_000_000, 9000);
    pile.stored = old;
    pile.die();
    pair.connect();
    driver.actsOnChain = false;
    pair.run();
    pile.stage(Closing.class);
    pair.settle();
    pair.settle();
    assertEquals(1_009_000, pair.ledger.balance(pile.address));
  }

  private void shows(Voucher voucher) {
    VoucherSetup setup = pile.book().setup();
    pile.on(
        new VoucherEvent.Received(
            new VoucherReestablish(
                setup.id(),
                setup.a(),
                setup.b(),
                setup.openNonce(),
                setup.challengePeriod(),
                Optional.of(proof(voucher, driver)),
                Optional.empty())));
  }

  /** A cheat shows one of its own with a lower number, which the store would not take. */
  @Test
  void noNumberGoesBackToALargerVoucher() {
    pair.charge(IMPORT, 2_000_000, 6000);
    long before = pile.book().seqOf(Party.A);
    VoucherBook book = pile.book();
    pair.connect();
    Voucher larger =
        new Voucher(book.id(), driver.address, new Amount(40_000), 1, ByteVector32.One);
    Voucher proof = new Voucher(book.id(), pile.address, new Amount(1), 9, ByteVector32.One);
    pile.on(
        new VoucherEvent.Received(
            new VoucherReestablish(
                book.id(),
                driver.address,
                pile.address,
                book.setup().openNonce(),
                VoucherPair.CHALLENGE,
                Optional.of(proof(larger, driver)),
                Optional.of(proof(proof, pile)))));
    pile.stage(DataLost.class);
    assertEquals(before, pile.book().seqOf(Party.A));
    assertEquals(9, pile.book().seqOf(Party.B));
  }

  private static VoucherMessage.Proof proof(Voucher voucher, VoucherPair.Party payer) {
    return VoucherExchange.proof(
        new SignedVoucher(
            voucher, VoucherPair.DOMAIN.sign(VoucherPair.SIGNER, voucher, payer.key)));
  }

  private void losesAll(VoucherPair.Party party) {
    pair.charge(EXPORT, 100_000, 500);
    pair.disconnect();
    party.state = VoucherChannel.NEW;
    party.stored = VoucherChannelCodec.encode(party.state);
    pair.connect();
    pair.run();
  }

  @Test
  void aPileThatLostItsWholeStoreGetsItAllFromAnHonestDriver() {
    losesAll(pile);
    pair.settle();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_002_500, pair.ledger.balance(pile.address));
    assertEquals(997_500, pair.ledger.balance(driver.address));
  }

  @Test
  void aDriverThatLostItsWholeStoreGetsWhatIsItsOwn() {
    losesAll(driver);
    pair.settle();
    pair.settle();
    assertEquals(1_002_500, pair.ledger.balance(pile.address));
    assertEquals(997_500, pair.ledger.balance(driver.address));
  }

  @Test
  void aChannelThatTheChainDoesNotKnowIsNotTakenUp() {
    takesUp(
        Optional.of(
            proof(
                new Voucher(other().id(), driver.address, new Amount(1), 1, ByteVector32.One),
                driver)));
    pile.stage(DataLost.class);
    pile.look();
    assertEquals(VoucherOutcome.ABANDONED, pile.stage(Closed.class).outcome());
  }

  @Test
  void wordsAloneMakeNoChannelThatWasLost() {
    takesUp(Optional.empty());
    assertTrue(pile.stage(VoucherStage.AwaitingReady.class).isUnopened());
    assertTrue(pile.alerts.isEmpty(), pile.alerts::toString);
    takesUp(
        Optional.of(
            proof(
                new Voucher(other().id(), driver.address, Amount.ZERO, 1, ByteVector32.One),
                driver)));
    pile.stage(VoucherStage.Absent.class);
  }

  private VoucherSetup other() {
    return new VoucherSetup(
        VoucherPair.DOMAIN,
        VoucherPair.TOKEN,
        driver.address,
        pile.address,
        99,
        VoucherPair.CHALLENGE,
        Party.A,
        false);
  }

  private void takesUp(Optional<VoucherMessage.Proof> paid) {
    VoucherSetup other = other();
    pile.state = new VoucherChannel(VoucherChannel.Link.UP, VoucherChannel.NEW.stage());
    pile.on(
        new VoucherEvent.Received(
            new VoucherReestablish(
                other.id(),
                other.a(),
                other.b(),
                other.openNonce(),
                other.challengePeriod(),
                paid,
                Optional.empty())));
  }

  @Test
  void aChannelOfOthersIsNotKnown() {
    VoucherChannel absent = new VoucherChannel(VoucherChannel.Link.UP, VoucherChannel.NEW.stage());
    pile.state = absent;
    pile.on(
        new VoucherEvent.Received(
            new VoucherReestablish(
                driver.book().id(),
                driver.address,
                VoucherPair.TOKEN,
                7,
                VoucherPair.CHALLENGE,
                Optional.empty(),
                Optional.empty())));
    assertEquals(absent, pile.state);
  }

  /** The pile knows of the channel what the chain says of it. */
  private void isFoundByThePile() {
    VoucherBook book = pile.book();
    pair.disconnect();
    pile.stored = VoucherChannelCodec.encode(VoucherChannel.found(book.setup(), book.deposits()));
    pile.die();
  }

  private void driverCloses() {
    isFoundByThePile();
    driver.on(new VoucherEvent.CloseUnilaterally("the pile does not answer"));
    pair.blocks(1 + VoucherLedger.FINALITY);
  }

  @Test
  void aPileThatKnowsNothingOfAChannelThatClosesWaitsForWhatItsDriverShows() {
    driverCloses();
    assertTrue(pile.stage(Closing.class).lost());
    pair.connect();
    pair.run();
    assertEquals(new Amount(3000), pile.book().paidBy(Party.A));
    pile.die();
    pair.settle();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  /** And it pays for no transaction of a channel in which nothing is known to be its own. */
  @Test
  void aPileThatKnowsNothingLeavesTheChannelToItsDriverOnceNothingCanBePresented() {
    driverCloses();
    driver.actsOnChain = false;
    pair.settle();
    assertEquals(VoucherOutcome.LEFT_TO_PEER, pile.stage(Closed.class).outcome());
    assertTrue(pair.ledger.view(driver.book().setup()).latest() instanceof OnLedger.Closing);
  }

  @Test
  void anOperatorsCloseOfAChannelOfWhichNothingIsKnownLetsItsDriverShowWhatItPaid() {
    isFoundByThePile();
    pair.blocks(1);
    pile.on(new VoucherEvent.CloseUnilaterally("the operator wants it"));
    pile.stage(Closing.class);
    pair.blocks(1 + VoucherLedger.FINALITY);
    assertTrue(pair.ledger.view(pile.book().setup()).latest() instanceof OnLedger.Closing);
    pile.stage(Closing.class);
    pair.connect();
    pair.run();
    pair.settle();
    pair.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, pile.stage(Closed.class).outcome());
    assertEquals(1_003_000, pair.ledger.balance(pile.address));
  }

  /** A driver restored from a backup made before the chain showed the opening. */
  private VoucherPair restoredWhileOpening() {
    VoucherPair fresh = new VoucherPair();
    fresh.connect();
    fresh.driver.on(new VoucherEvent.Open(7, new Amount(50_000)));
    fresh.run();
    VoucherChannel kept = fresh.driver.state.recovering().orElseThrow();
    assertEquals(Optional.of(kept), kept.recovering(), "a backup of it is the same");
    fresh.driver.stored = VoucherChannelCodec.encode(kept);
    fresh.driver.die();
    fresh.driver.look();
    fresh.driver.die();
    fresh.driver.look();
    fresh.driver.stage(DataLost.class);
    return fresh;
  }

  @Test
  void anOpeningThatIsOnItsWayIsNotForgottenByARestoredDriver() {
    VoucherPair fresh = restoredWhileOpening();
    fresh.blocks(1 + VoucherLedger.FINALITY);
    assertEquals(new Amount(50_000), fresh.driver.book().deposits().a());
    assertEquals(Optional.empty(), fresh.driver.book().depositWanted());
    fresh.driver.on(new VoucherEvent.CloseUnilaterally("the pile is gone"));
    fresh.settle();
    fresh.settle();
    assertEquals(VoucherOutcome.UNILATERAL_CLOSE, fresh.driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, fresh.ledger.balance(fresh.driver.address));
  }

  @Test
  void itIsWaitedForNoLongerThanADay() {
    VoucherPair fresh = restoredWhileOpening();
    fresh.ledger.dropTransactions();
    fresh.block(80_000);
    fresh.driver.stage(DataLost.class);
    fresh.block(10_000);
    assertEquals(VoucherOutcome.ABANDONED, fresh.driver.stage(Closed.class).outcome());
  }

  @Test
  void whoeverWantsItClosedGivesTheOpeningUpFirst() {
    VoucherPair fresh = restoredWhileOpening();
    fresh.driver.on(new VoucherEvent.CloseUnilaterally("not wanted any more"));
    fresh.driver.stage(Closing.class);
    fresh.driver.look();
    fresh.driver.look();
    assertEquals(VoucherOutcome.ABANDONED, fresh.driver.stage(Closed.class).outcome());
    assertEquals(VoucherPair.MONEY, fresh.ledger.balance(fresh.driver.address));
  }
}
