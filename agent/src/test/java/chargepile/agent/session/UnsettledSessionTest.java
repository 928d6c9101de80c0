package chargepile.agent.session;

import static chargepile.agent.session.CertifiedSessionTest.THE_DRIVER;
import static chargepile.agent.session.CertifiedSessionTest.charge;
import static chargepile.agent.session.CertifiedSessionTest.required;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.SessionTotals;
import chargepile.agent.session.driver.DriverNotice;
import chargepile.agent.session.notary.Registry;
import chargepile.agent.session.wire.SessionOffer;
import chargepile.agent.session.wire.SessionSummary;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Sessions of certified parties at whose end something is wrong: both hear of it (P1-33). */
class UnsettledSessionTest {
  private static final MilliWattHours MOST = new MilliWattHours(Long.MAX_VALUE);

  private static final Registry.Party METERLESS =
      Registry.TRUSTED.pile("pile-m", SessionWorld.PILE_NODE, Optional.empty(), 22_000);

  /** A pile that says its meter signs nothing, and that its registers began at {@code start}. */
  private static PeerMessage unsigned(PeerMessage said, MilliWattHours start) {
    return said instanceof PeerMessage.OfSession(SessionOffer offer)
        ? new PeerMessage.OfSession(
            new SessionOffer(
                offer.sessionId(),
                offer.tariff(),
                offer.increment(),
                offer.credit(),
                offer.directions(),
                start,
                start,
                offer.ratedPowerWatts()))
        : said;
  }

  private static PeerMessage delivered(
      PeerMessage said, Direction direction, UnaryOperator<MilliWattHours> told) {
    return said instanceof PeerMessage.OfSession(SessionSummary given)
        ? new PeerMessage.OfSession(
            new SessionSummary(
                given.sessionId(),
                given.reason(),
                given.paidImport(),
                given.paidExport(),
                direction == Direction.IMPORT
                    ? told.apply(given.importDelivered())
                    : given.importDelivered(),
                direction == Direction.EXPORT
                    ? told.apply(given.exportDelivered())
                    : given.exportDelivered(),
                given.receipt()))
        : said;
  }

  private static DriverNotice.SettlementNotSigned assertUnsettled(SessionWorld world) {
    world.run(Duration.ofSeconds(5));
    assertTrue(world.driver.state.notary().engagement().isEmpty());
    assertEquals(List.of(), world.driver.state.notary().pending());
    assertEquals(List.of(), world.driver.settlements);
    assertEquals(List.of(), world.pile.settlements);
    return world.driver.told(DriverNotice.SettlementNotSigned.class).getFirst();
  }

  @Test
  void noAccountOfAPileIsMoreThanADriverCanBear() {
    for (Direction direction : Direction.values()) {
      for (MilliWattHours start : List.of(new MilliWattHours(1), MOST)) {
        try (SessionWorld world = required(METERLESS, THE_DRIVER)) {
          world.forge = said -> delivered(unsigned(said, start), direction, _ -> MOST);
          charge(world, 1);
          assertUnsettled(world);
          SessionTotals paid = world.driver.receipts.getFirst().paid();
          assertTrue(paid.imported().amount().value() > 0);
        }
      }
    }
  }
}
