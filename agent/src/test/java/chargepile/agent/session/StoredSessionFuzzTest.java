package chargepile.agent.session;

import static chargepile.agent.session.SessionLifeTest.charging;
import static chargepile.agent.session.SessionWorld.DRIVER;
import static chargepile.agent.session.SessionWorld.PILE;

import chargepile.agent.codec.MalformedStateException;
import chargepile.agent.fuzz.Door;
import chargepile.agent.fuzz.Fuzz;
import chargepile.agent.session.driver.DriverCodec;
import chargepile.agent.session.leg.PaymentLeg;
import chargepile.agent.session.pile.PileCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class StoredSessionFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors() {
    List<byte[]> piles = new ArrayList<>();
    List<byte[]> drivers = new ArrayList<>();
    try (SessionWorld world = charging(PILE, DRIVER)) {
      keep(world, piles, drivers);
      world.runUntil(() -> world.pile.session().updates() == 3, Duration.ofHours(1));
      keep(world, piles, drivers);
      world.pile.plug(false);
      world.run(Duration.ofMillis(50));
      keep(world, piles, drivers);
      world.runUntil(world.pile::isEnded, Duration.ofHours(1));
      keep(world, piles, drivers);
    }
    return Fuzz.tests(
        Door.of(
            "a stored pile",
            piles,
            MalformedStateException.class,
            bytes -> PileCodec.decode(bytes, PILE, (node, index) -> PaymentLeg.none())),
        Door.of(
            "a stored driver",
            drivers,
            MalformedStateException.class,
            bytes -> DriverCodec.decode(bytes, index -> PaymentLeg.none())));
  }

  private static void keep(SessionWorld world, List<byte[]> piles, List<byte[]> drivers) {
    piles.add(PileCodec.encode(world.pile.state));
    drivers.add(DriverCodec.encode(world.driver.state));
  }
}
