package chargepile.agent.session;

import static chargepile.agent.session.CertifiedSessionTest.CHAIN;
import static chargepile.agent.session.CertifiedSessionTest.HOUR;
import static chargepile.agent.session.CertifiedSessionTest.THE_DRIVER;
import static chargepile.agent.session.CertifiedSessionTest.THE_PILE;
import static chargepile.agent.session.CertifiedSessionTest.only;
import static chargepile.agent.session.CertifiedSessionTest.world;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.session.driver.DriverEvent;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.leg.LegOutcome;
import chargepile.agent.session.notary.Clerk;
import chargepile.agent.session.notary.IdentityPolicy;
import chargepile.agent.session.notary.NotaryAnswer;
import chargepile.agent.session.notary.NotaryTask;
import chargepile.agent.session.notary.PeerIdentity;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.pile.PileEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A verdict on a certificate is good for a minute: clocks are set, and lists and keys renewed. */
class JudgedAgainTest {
  /** A clerk that has another clock, or another list, before it is {@link #mended}. */
  private static final class Mistaken implements Clerk {
    private final Clerk right;
    private final Clerk wrong;
    private boolean mended;
    private final List<NotaryTask.Check> asked = new ArrayList<>();

    Mistaken(Clerk right, Clerk wrong) {
      this.right = right;
      this.wrong = wrong;
    }

    /** Without a real-time clock, as a Pi is before NTP has set its own. */
    static Mistaken clock(Registry.Party party) {
      Clerk clerk = Registry.TRUSTED.clerk(party, CHAIN);
      return new Mistaken(
          clerk,
          (task, now) ->
              clerk.answer(task, Instant.EPOCH) instanceof NotaryAnswer.Identified found
                  ? new NotaryAnswer.Identified(
                      found.peer(), found.certificate(), found.identity(), now)
                  : clerk.answer(task, now));
    }

    @Override
    public NotaryAnswer answer(NotaryTask task, Instant now) {
      if (task instanceof NotaryTask.Check check) {
        asked.add(check);
      }
      return (mended ? right : wrong).answer(task, now);
    }
  }

  private static Optional<Office> office(Registry.Party party, Clerk clerk) {
    return Optional.of(new Office(IdentityPolicy.REQUIRED, party.shown(), clerk));
  }

  /** A link, a channel and a car, and then that link anew under a clerk that is mistaken. */
  private static void linkAnew(SessionWorld world, Mistaken clerk) {
    clerk.mended = true;
    world.connect();
    world.run(Duration.ofSeconds(1));
    world.mine(1);
    world.disconnect();
    clerk.mended = false;
    world.connect();
    world.run(Duration.ofSeconds(1));
    world.pile.plug(true);
    world.meter.power(11_000);
    world.run(Duration.ofMinutes(5));
    assertTrue(world.pile.state.session().isEmpty());
  }

  private static void assertChargesOnThisLink(SessionWorld world) {
    world.runUntil(
        () -> world.pile.state.session().filter(s -> s.updates() == 2).isPresent(), HOUR);
    world.pile.plug(false);
    world.runUntil(world.pile::isEnded, HOUR);
    world.run(Duration.ofSeconds(10));
    assertEquals(only(world.pile.settlements), only(world.driver.settlements));
  }

  @Test
  void aPileWhoseClockIsSetOffersOnTheLinkThatIsUp() {
    Mistaken clerk = Mistaken.clock(THE_PILE);
    try (SessionWorld world =
        world(
            office(THE_PILE, clerk),
            CertifiedSessionTest.office(IdentityPolicy.REQUIRED, THE_DRIVER))) {
      linkAnew(world, clerk);
      assertEquals(1, world.driver.told(DriverNotice.NotAdmitted.class).size(), "said once");
      assertTrue(clerk.asked.size() < 10, "a minute apart");
      clerk.mended = true;
      assertChargesOnThisLink(world);
      assertEquals(1, world.driver.told(DriverNotice.Admitted.class).size());
    }
  }

  @Test
  void aDriverWhoseClockIsSetIsOfferedASessionOnTheLinkThatIsUp() {
    Mistaken clerk = Mistaken.clock(THE_DRIVER);
    try (SessionWorld world =
        world(
            CertifiedSessionTest.office(IdentityPolicy.REQUIRED, THE_PILE),
            office(THE_DRIVER, clerk))) {
      linkAnew(world, clerk);
      clerk.mended = true;
      assertChargesOnThisLink(world);
    }
  }

  @Test
  void whoseCertificateIsRevokedMeanwhileGetsNoOtherOffer() {
    Mistaken clerk =
        new Mistaken(
            Registry.TRUSTED.clerk(THE_PILE, CHAIN, Registry.TRUSTED.revoked(THE_DRIVER)),
            Registry.TRUSTED.clerk(THE_PILE, CHAIN));
    try (SessionWorld world =
        world(
            office(THE_PILE, clerk),
            CertifiedSessionTest.office(IdentityPolicy.REQUIRED, THE_DRIVER))) {
      world.connect();
      world.run(Duration.ofSeconds(1));
      world.mine(1);
      assertInstanceOf(
          PeerIdentity.Certified.class, world.pile.state.notary().peer(PileSide.DRIVER));
      clerk.mended = true;
      world.run(Duration.ofMinutes(2));
      world.pile.plug(true);
      world.run(Duration.ofMinutes(1));
      assertTrue(world.pile.state.session().isEmpty());
      String reason = world.driver.told(DriverNotice.NotAdmitted.class).getFirst().text();
      assertTrue(reason.contains("revoked"), reason);
    }
  }

  @Test
  void aCertificateThatIsRenewedIsShownOnTheLinkThatIsUp() {
    Registry.Party driver = Registry.TRUSTED.driver("driver-r", PileSide.DRIVER);
    Registry.Party renewed = Registry.TRUSTED.renewed(driver);
    Mistaken clerk =
        new Mistaken(Registry.TRUSTED.clerk(renewed, CHAIN), Registry.TRUSTED.clerk(driver, CHAIN));
    try (SessionWorld world =
        world(
            office(
                THE_PILE,
                Registry.TRUSTED.clerk(THE_PILE, CHAIN, Registry.TRUSTED.revoked(driver))),
            office(driver, clerk))) {
      world.connect();
      world.run(Duration.ofMinutes(2));
      assertInstanceOf(PeerIdentity.Refused.class, world.pile.state.notary().peer(PileSide.DRIVER));
      clerk.mended = true;
      world.driver.on(new DriverEvent.Notarised(new NotaryAnswer.Renewed(renewed.shown())));
      world.run(Duration.ofSeconds(1));
      world.disconnect();
      world.connect();
      world.run(Duration.ofSeconds(1));
      assertInstanceOf(
          PeerIdentity.Certified.class,
          world.pile.state.notary().peer(PileSide.DRIVER),
          "also on the next link");
      world.mine(1);
      world.pile.on(new PileEvent.Notarised(new NotaryAnswer.Renewed(THE_PILE.shown())));
      world.pile.plug(true);
      world.meter.power(11_000);
      assertChargesOnThisLink(world);
      assertTrue(only(world.pile.settlements).signers().contains(renewed.certificate()));
    }
  }

  @Test
  void whoGetsNoSessionHearsSoBeforeMoneyIsCommitted() {
    Registry.Party expired =
        Registry.TRUSTED.driver("driver-x", PileSide.DRIVER, Registry.FROM.plusSeconds(60));
    for (Optional<Office> driver :
        List.of(
            Optional.<Office>empty(),
            CertifiedSessionTest.office(IdentityPolicy.PREFERRED, expired))) {
      try (SessionWorld world =
          world(CertifiedSessionTest.office(IdentityPolicy.REQUIRED, THE_PILE), driver)) {
        world.connect();
        world.run(Duration.ofSeconds(5));
        assertEquals(
            Optional.of(LegOutcome.ABANDONED), world.driver.state.channel().leg().outcome());
        assertEquals(1, world.driver.told(DriverNotice.NotAdmitted.class).size());
        assertEquals(0, world.driver.told(DriverNotice.ChannelFunded.class).size());
        assertTrue(world.pile.state.channels().isEmpty());
        assertTrue(world.pile.state.asking().isEmpty());
      }
    }
  }

  @Test
  void aChannelThatIsAskedForWhileTheClerkLooksIsOpenedAfterwards() {
    Office slow =
        new Office(
            IdentityPolicy.REQUIRED,
            THE_PILE.shown(),
            Registry.TRUSTED.clerk(THE_PILE, CHAIN),
            _ -> Duration.ofSeconds(30));
    try (SessionWorld world =
        world(
            Optional.of(slow), CertifiedSessionTest.office(IdentityPolicy.PREFERRED, THE_DRIVER))) {
      world.connect();
      world.run(Duration.ofSeconds(5));
      assertEquals(1, world.pile.state.asking().size());
      world.disconnect();
      assertTrue(world.pile.state.asking().isEmpty(), "who is gone asks for nothing");
      world.connect();
      world.run(Duration.ofSeconds(40));
      assertTrue(world.pile.state.asking().isEmpty());
      assertEquals(1, world.driver.told(DriverNotice.ChannelFunded.class).size());
    }
  }
}
