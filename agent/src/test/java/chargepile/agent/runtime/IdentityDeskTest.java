package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.Notary;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.PeerIdentity;
import fr.acinq.bitcoin.ByteVector;
import fr.acinq.bitcoin.PrivateKey;
import fr.acinq.bitcoin.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits for a clerk who takes his time. */
final class IdentityDeskTest {
  private static final ByteVector SHOWN = new ByteVector("c0");

  private final SystemTime time = new SystemTime();
  private final Map<PublicKey, PeerIdentity> peers = new LinkedHashMap<>();
  private final Queue<Runnable> clerksThread = new ArrayDeque<>();
  private final List<PublicKey> looked = new ArrayList<>();
  private final List<NotaryAnswer> answers = new ArrayList<>();

  @AfterEach
  void stop() {
    time.close();
  }

  private IdentityDesk desk(Clerk clerk) {
    return new IdentityDesk(
        Optional.of(new Identity(IdentityPolicy.REQUIRED, SHOWN, clerk, clerksThread::add)),
        Runnable::run,
        time,
        this::notary,
        answers::add);
  }

  private Notary notary() {
    return new Notary(
        peers,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of());
  }

  private IdentityDesk desk() {
    return desk(
        (task, _) -> {
          var check = assertInstanceOf(NotaryTask.Check.class, task);
          looked.add(check.peer());
          return new NotaryAnswer.Identified(
              check.peer(),
              check.certificate(),
              new PeerIdentity.Refused("strange"),
              Instant.EPOCH);
        });
  }

  private void show(IdentityDesk desk, PublicKey peer) {
    peers.put(peer, new PeerIdentity.Checking(SHOWN));
    desk.ask(new NotaryTask.Check(peer, SHOWN, false));
  }

  private void work() {
    for (Runnable task = clerksThread.poll(); task != null; task = clerksThread.poll()) {
      task.run();
    }
  }

  private static PublicKey peer(int number) {
    return TwoNodes.SIGNER.publicKey(new PrivateKey(TwoNodes.seed("peer " + number)));
  }

  @Test
  void whatIsRenewedIsUsedFromThenOnAndTold() {
    Queue<Runnable> later = new ArrayDeque<>();
    Queue<Optional<IdentityRenewal.Renewed>> renewals = new ArrayDeque<>();
    ByteVector other = new ByteVector("c1");
    IdentityDesk desk =
        new IdentityDesk(
            Optional.of(
                new Identity(
                    IdentityPolicy.REQUIRED,
                    SHOWN,
                    (_, _) -> new NotaryAnswer.Renewed(SHOWN),
                    clerksThread::add,
                    renewals::remove)),
            Runnable::run,
            new LaterTime(later),
            this::notary,
            answers::add);
    Clerk renewed = (_, _) -> new NotaryAnswer.Renewed(other);
    renewals.add(Optional.empty());
    renewals.add(Optional.of(new IdentityRenewal.Renewed(SHOWN, renewed)));
    renewals.add(Optional.of(new IdentityRenewal.Renewed(other, renewed)));
    desk.begin();
    later.remove().run();
    work();
    later.remove().run();
    work();
    show(desk, peer(1));
    work();
    assertEquals(List.of(new NotaryAnswer.Renewed(other)), answers, "the clerk is another");
    answers.clear();
    later.remove().run();
    work();
    assertEquals(List.of(new NotaryAnswer.Renewed(other)), answers, "the certificate too");
    later.remove().run();
    work();
    assertFalse(later.isEmpty(), "also after a look that failed");
  }

  /** Time that passes when the test says so. */
  private record LaterTime(Queue<Runnable> later) implements Time {
    @Override
    public Instant wall() {
      return Instant.EPOCH;
    }

    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      later.add(task);
      return () -> {};
    }
  }

  @Test
  void oneAfterTheOther() {
    IdentityDesk desk = desk();
    show(desk, peer(1));
    show(desk, peer(2));
    assertEquals(1, clerksThread.size());
    assertFalse(desk.isIdle());
    work();
    assertEquals(List.of(peer(1), peer(2)), looked);
    assertTrue(desk.isIdle());
  }

  @Test
  void whoseLinkIsGoneIsNotLookedAt() {
    IdentityDesk desk = desk();
    show(desk, peer(1));
    show(desk, peer(2));
    show(desk, peer(3));
    peers.remove(peer(2));
    work();
    assertEquals(List.of(peer(1), peer(3)), looked);
    assertTrue(desk.isIdle());
  }

  @Test
  void whoComesAgainAndAgainWaitsOnce() {
    IdentityDesk desk = desk();
    show(desk, peer(1));
    for (int again = 0; again < 100; again++) {
      show(desk, peer(2));
    }
    work();
    assertEquals(List.of(peer(1), peer(2)), looked);
  }

  @Test
  void noMoreWaitThanThereIsRoomFor() {
    IdentityDesk desk = desk();
    for (int number = 0; number <= IdentityDesk.MOST_CHECKS; number++) {
      show(desk, peer(number)); // the first is being looked at
    }
    PublicKey late = peer(1000);
    show(desk, late);
    var refused = assertInstanceOf(NotaryAnswer.Identified.class, answers.getFirst());
    assertEquals(late, refused.peer());
    peers.remove(peer(7));
    show(desk, peer(1001));
    work();
    assertEquals(IdentityDesk.MOST_CHECKS + 1, looked.size());
    assertFalse(looked.contains(late));
    assertTrue(looked.contains(peer(1001)));
  }

  @Test
  void anErrorIsAnAnswerToo() {
    IdentityDesk desk =
        desk(
            (_, _) -> {
              throw new UnsatisfiedLinkError("no blst here");
            });
    show(desk, peer(1));
    work();
    var answer = assertInstanceOf(NotaryAnswer.Identified.class, answers.getFirst());
    assertInstanceOf(PeerIdentity.Refused.class, answer.identity());
    assertTrue(desk.isIdle());
  }
}
