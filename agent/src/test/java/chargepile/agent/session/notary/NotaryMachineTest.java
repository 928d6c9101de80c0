package chargepile.agent.session.notary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.crypto.Signer;
import chargepile.agent.energy.SessionTotals;
import chargepile.agent.energy.Tariff;
import chargepile.agent.session.PeerMessage;
import chargepile.agent.session.wire.IdentityMessage;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.ChannelId;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.SessionId;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.ByteVector32;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A notary without a clerk: what is asked of him, and what he is told to have answered. */
class NotaryMachineTest {
  private static final ByteVector OWN = new ByteVector("01");
  private static final ByteVector THEIRS = new ByteVector("02");
  private static final PublicKey PILE = key(7);
  private static final PublicKey DRIVER = key(8);
  private static final NotaryContext A_PILE =
      new NotaryContext(IdentityPolicy.REQUIRED, Optional.empty(), OWN);
  private static final NotaryContext A_DRIVER =
      new NotaryContext(IdentityPolicy.REQUIRED, Optional.of(PILE), OWN);
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final SessionTotals.Total PAID =
      new SessionTotals.Total(new MilliWattHours(5_000), 60_000, new Amount(2_000));
  private static final Pending.Proposal PROPOSAL = proposal("0a");

  private final List<NotaryAction> actions = new ArrayList<>();
  private NotaryMachine machine = new NotaryMachine(A_PILE);
  private Notary notary = Notary.NONE;

  private static PublicKey key(int secret) {
    return Signer.best().publicKey(new PrivateKey(new ByteVector32("%064x".formatted(secret))));
  }

  private static Pending.Proposal proposal(String settlement) {
    return new Pending.Proposal(new ByteVector(settlement), new ByteVector("0b".repeat(48)));
  }

  private static SessionId session(int number) {
    return new SessionId(new ByteVector("%032x".formatted(number)));
  }

  private static SettlementId id(int number) {
    return new SettlementId(session(number), Direction.IMPORT);
  }

  private void give(NotaryEvent event) {
    NotaryTransition transition = machine.on(notary, event);
    notary = transition.next();
    actions.addAll(transition.actions());
  }

  private <T> List<T> taken(Class<T> type) {
    List<T> found =
        actions.stream()
            .map(
                action ->
                    switch (action) {
                      case NotaryAction.Ask(var task) -> task;
                      case NotaryAction.Notify(var notice) -> notice;
                      case NotaryAction.Store _, NotaryAction.Keep _, NotaryAction.Say _ -> action;
                    })
            .filter(type::isInstance)
            .map(type::cast)
            .toList();
    actions.clear();
    return found;
  }

  /** A link to a peer who is certified. */
  private void link(PublicKey peer) {
    give(new NotaryEvent.Connected(peer));
    give(new NotaryEvent.Heard(peer, new IdentityMessage.Introduction(THEIRS)));
    give(
        new NotaryEvent.Done(
            new NotaryAnswer.Identified(
                peer,
                THEIRS,
                new PeerIdentity.Certified(THEIRS, "peer", OptionalLong.empty(), Optional.empty()),
                NOW)));
  }

  private void charge(PublicKey peer, int number) {
    give(new NotaryEvent.Agreed(session(number), peer, 1));
    ended(peer, number, false);
  }

  private void ended(PublicKey peer, int number, boolean open) {
    ended(peer, number, PAID, open);
  }

  private void ended(PublicKey peer, int number, SessionTotals.Total paid, boolean open) {
    SessionSummary summary =
        new SessionSummary(
            session(number),
            StopReason.UNPLUGGED,
            paid,
            SessionTotals.Total.ZERO,
            paid.energy(),
            MilliWattHours.ZERO,
            new ByteVector("4f"));
    give(
        new NotaryEvent.Ended(
            peer,
            new SessionAccount(
                new ChannelId(ByteVector32.Zeroes),
                new Tariff(7, new Amount(400_000), new Amount(150_000), Amount.ZERO),
                new SessionTotals(session(number), paid, SessionTotals.Total.ZERO),
                MilliWattHours.ZERO,
                paid.energy(),
                MilliWattHours.ZERO,
                MilliWattHours.ZERO,
                ByteVector32.Zeroes,
                9,
                9,
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(3600)),
            summary,
            open));
  }

  private static SessionTotals paid(int number) {
    return new SessionTotals(session(number), PAID, SessionTotals.Total.ZERO);
  }

  private void proposed(int number) {
    charge(DRIVER, number);
    give(new NotaryEvent.Done(new NotaryAnswer.Signed(id(number), paid(number), PROPOSAL)));
    give(new NotaryEvent.Ready(DRIVER));
  }

  private void heard(PublicKey peer, IdentityMessage message) {
    give(new NotaryEvent.Heard(peer, message));
  }

  private static IdentityMessage signature(int number) {
    return new IdentityMessage.SettlementSignature(
        session(number), Direction.IMPORT, new ByteVector("0c".repeat(48)));
  }

  private static IdentityMessage said(int number, Pending.Proposal proposal) {
    return new IdentityMessage.SettlementProposal(
        session(number), Direction.IMPORT, proposal.settlement(), proposal.signature());
  }

  @Test
  void whoAgreesToNoTermsSaysSoOnceOnALink() {
    link(DRIVER);
    for (int again = 0; again < 3; again++) {
      heard(DRIVER, new IdentityMessage.IntroductionRefusal("no"));
    }
    assertEquals(1, taken(NotaryNotice.RefusedByPeer.class).size());
    give(new NotaryEvent.Disconnected(DRIVER));
    link(DRIVER);
    heard(DRIVER, new IdentityMessage.IntroductionRefusal("no"));
    assertEquals(1, taken(NotaryNotice.RefusedByPeer.class).size());
  }

  @Test
  void aBadSignatureIsLookedAtOnceOnALink() {
    link(DRIVER);
    proposed(1);
    heard(DRIVER, signature(1));
    assertEquals(1, taken(NotaryTask.Verify.class).size());
    give(new NotaryEvent.Done(new NotaryAnswer.Declined(id(1), "it is wrong")));
    assertEquals(1, taken(NotaryNotice.Unsettled.class).size());
    heard(DRIVER, signature(1));
    assertEquals(List.of(), taken(NotaryTask.Verify.class));
    give(new NotaryEvent.Disconnected(DRIVER));
    link(DRIVER);
    heard(DRIVER, signature(1));
    assertEquals(1, taken(NotaryTask.Verify.class).size());
  }

  @Test
  void theCertificateOfTheAgreementIsTheOneThatIsSignedBy() {
    link(DRIVER);
    charge(DRIVER, 1);
    Pending asked = taken(NotaryTask.Sign.class).getFirst().settlement();
    assertEquals(THEIRS, asked.peerCertificate());
    assertEquals(OWN, asked.ownCertificate());
  }

  @Test
  void aPileSignsAnewAtTheNextLinkWhenItsTimeIsNotBelieved() {
    link(DRIVER);
    proposed(1);
    assertFalse(taken(NotaryTask.Sign.class).getFirst().anew());
    heard(
        DRIVER,
        new IdentityMessage.SettlementRefusal(
            session(1), Direction.IMPORT, true, "time: tomorrow"));
    assertEquals(1, taken(NotaryNotice.Unsettled.class).size());
    give(new NotaryEvent.Ready(DRIVER));
    assertEquals(List.of(), taken(NotaryTask.Sign.class), "not on this link");
    link(DRIVER);
    give(new NotaryEvent.Ready(DRIVER));
    give(new NotaryEvent.Ready(DRIVER));
    assertTrue(taken(NotaryTask.Sign.class).getFirst().anew());
    give(new NotaryEvent.Done(new NotaryAnswer.Signed(id(1), paid(1), PROPOSAL)));
    give(new NotaryEvent.Ready(DRIVER));
    heard(
        DRIVER,
        new IdentityMessage.SettlementRefusal(session(1), Direction.IMPORT, false, "sold: no"));
    assertFalse(notary.isPending(session(1)));
  }

  @Test
  void whoWasCertifiedWhenTheTermsWereAgreedToIsAskedToSignThoughHeIsRefusedNow() {
    link(DRIVER);
    charge(DRIVER, 1);
    give(new NotaryEvent.Done(new NotaryAnswer.Signed(id(1), paid(1), PROPOSAL)));
    give(new NotaryEvent.Disconnected(DRIVER));
    give(new NotaryEvent.Connected(DRIVER));
    taken(NotaryAction.Say.class);
    give(new NotaryEvent.Ready(DRIVER));
    assertEquals(List.of(), taken(NotaryAction.Say.class), "not before he is looked at");
    heard(DRIVER, new IdentityMessage.Introduction(THEIRS));
    give(
        new NotaryEvent.Done(
            new NotaryAnswer.Identified(
                DRIVER, THEIRS, new PeerIdentity.Refused("expired 25 years ago"), NOW)));
    taken(NotaryAction.Say.class);
    give(new NotaryEvent.Ready(DRIVER));
    assertTrue(
        taken(NotaryAction.Say.class).stream()
            .anyMatch(s -> s.message().equals(new PeerMessage.OfIdentity(said(1, PROPOSAL)))));
  }

  @Test
  void anotherCertificateIsLookedAtBeforeTermsHoweverFreshTheVerdictIs() {
    link(DRIVER);
    taken(NotaryTask.Check.class);
    give(new NotaryEvent.Wanted(DRIVER, NOW));
    assertEquals(List.of(), taken(NotaryTask.Check.class), "the one that was judged is fresh");
    ByteVector another = new ByteVector("03");
    heard(DRIVER, new IdentityMessage.Introduction(another));
    give(new NotaryEvent.Wanted(DRIVER, NOW));
    assertEquals(another, taken(NotaryTask.Check.class).getFirst().certificate());
  }

  @Test
  void whoNeverAnswersLosesHisOwnOldest() {
    charged(key(9), 1);
    for (int number = 2; number <= NotaryStep.MOST_OF_A_PEER + 3; number++) {
      charged(DRIVER, number);
    }
    assertEquals(
        List.of(id(2), id(3)),
        taken(NotaryNotice.Unsettled.class).stream().map(NotaryNotice.Unsettled::id).toList());
    assertTrue(notary.isPending(session(1)));
    assertEquals(NotaryStep.MOST_OF_A_PEER + 1, notary.pending().size());
  }

  @Test
  void whereAllIsFullTheOneWithTheMostGivesWay() {
    charged(key(9), 1);
    charged(DRIVER, 2);
    charged(DRIVER, 3);
    for (int number = 4; number <= NotaryStep.MOST_PENDING + 1; number++) {
      charged(key(100 + number), number);
    }
    assertEquals(id(2), taken(NotaryNotice.Unsettled.class).getFirst().id());
    assertEquals(NotaryStep.MOST_PENDING, notary.pending().size());
    assertTrue(notary.isPending(session(1)));
  }

  @Test
  void whatIsGivenUpWasNeverSaid() {
    link(DRIVER);
    for (int number = 1; number <= NotaryStep.MOST_OF_A_PEER + 1; number++) {
      proposed(number);
    }
    assertFalse(notary.isPending(session(1)));
    assertFalse(notary.said().contains(id(1)));
    assertTrue(notary.said().contains(id(2)));
  }

  @Test
  void thePileAloneKeepsTheMetersRecords() {
    charged(DRIVER, 1);
    assertFalse(notary.pending().getFirst().summary().receipt().isEmpty());
    machine = new NotaryMachine(A_DRIVER);
    notary = Notary.NONE;
    charged(PILE, 2);
    assertTrue(notary.pending().getFirst().summary().receipt().isEmpty());
  }

  private void charged(PublicKey peer, int number) {
    link(peer);
    charge(peer, number);
  }

  @Test
  void whatNeverCanBeSignedIsNotTriedAgain() {
    link(DRIVER);
    charge(DRIVER, 1);
    give(new NotaryEvent.Done(new NotaryAnswer.GivenUp(id(1), "the key is another")));
    assertEquals(1, taken(NotaryNotice.Unsettled.class).size());
    assertEquals(List.of(), notary.pending());
    give(new NotaryEvent.Restarted());
    assertEquals(List.of(), taken(NotaryTask.Sign.class));
  }

  @Test
  void whatADriverDeclinesIsDeclinedForGood() {
    machine = new NotaryMachine(A_DRIVER);
    link(PILE);
    charge(PILE, 1);
    heard(PILE, said(1, PROPOSAL));
    give(new NotaryEvent.Done(new NotaryAnswer.Declined(id(1), "it is wrong")));
    assertEquals(1, taken(NotaryTask.Countersign.class).size());
    assertFalse(notary.isPending(session(1)));
    link(PILE);
    actions.clear();
    heard(PILE, said(1, PROPOSAL));
    assertEquals(1, taken(NotaryAction.Say.class).size(), "the refusal may have been lost");
  }

  @Test
  void aProposalWhoseTimeWasDeclinedIsLookedAtAgainOnTheNextLink() {
    machine = new NotaryMachine(A_DRIVER);
    link(PILE);
    charge(PILE, 1);
    heard(PILE, said(1, PROPOSAL));
    give(new NotaryEvent.Done(new NotaryAnswer.Mistimed(id(1), "time: tomorrow")));
    assertEquals(1, taken(NotaryTask.Countersign.class).size());
    heard(PILE, said(1, PROPOSAL));
    assertEquals(List.of(), taken(NotaryTask.Countersign.class));
    link(PILE);
    heard(PILE, said(1, PROPOSAL));
    assertEquals(1, taken(NotaryTask.Countersign.class).size());
    assertTrue(notary.isPending(session(1)));
  }

  private static SessionTotals less(int number, long msat) {
    return new SessionTotals(
        session(number),
        new SessionTotals.Total(new MilliWattHours(2_000), 30_000, new Amount(msat)),
        SessionTotals.Total.ZERO);
  }

  @Test
  void whatTheChannelEndedWithIsWhatIsSigned() {
    link(DRIVER);
    proposed(1);
    assertEquals(1, taken(NotaryTask.Sign.class).size());
    give(new NotaryEvent.Concluded(new Conclusion(paid(1), 9)));
    give(new NotaryEvent.Ready(DRIVER));
    assertEquals(List.of(), taken(NotaryTask.Sign.class), "it is what was drawn up");
    give(new NotaryEvent.Concluded(new Conclusion(less(1, 800), 8)));
    give(new NotaryEvent.Ready(DRIVER));
    Pending asked = taken(NotaryTask.Sign.class).getFirst().settlement();
    assertEquals(800, asked.paid().amount().value());
    assertEquals(8, asked.account().leastCommitment());
    give(new NotaryEvent.Done(new NotaryAnswer.Signed(id(1), paid(1), PROPOSAL)));
    assertTrue(notary.pending().getFirst().proposal().isEmpty(), "signed before that was known");
  }

  @Test
  void whatTheChannelEndedWithoutIsNotWaitedFor() {
    link(DRIVER);
    charge(DRIVER, 1);
    give(new NotaryEvent.Concluded(new Conclusion(less(1, 0), 8)));
    assertFalse(notary.isPending(session(1)));
    assertEquals(1, taken(NotaryNotice.Unsettled.class).size());
  }

  @Test
  void aChannelMayEndBeforeTheSessionsAccountIsDrawnUp() {
    link(DRIVER);
    give(new NotaryEvent.Agreed(session(1), DRIVER, 1));
    give(new NotaryEvent.Concluded(new Conclusion(less(1, 800), 8)));
    ended(DRIVER, 1, false);
    assertEquals(800, notary.pending().getFirst().paid().amount().value());
  }

  @Test
  void aPaymentThatIsUnderWayMayBeTheFirst() {
    link(DRIVER);
    give(new NotaryEvent.Agreed(session(1), DRIVER, 1));
    ended(DRIVER, 1, SessionTotals.Total.ZERO, true);
    assertTrue(notary.isUnpaid(session(1)));
    assertEquals(List.of(), taken(NotaryTask.Sign.class));
    give(new NotaryEvent.Concluded(new Conclusion(less(1, 800), 10)));
    assertEquals(List.of(id(1)), notary.pending().stream().map(Pending::id).toList());
    give(new NotaryEvent.Ready(DRIVER));
    assertEquals(1, taken(NotaryTask.Sign.class).size());
    assertEquals(List.of(), taken(NotaryNotice.Unsettled.class), "nothing was fed");
  }
}
