package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.desk.OrderStage;
import chargepile.agent.market.desk.OrderView;
import chargepile.agent.market.desk.Sale;
import chargepile.agent.session.Agreement;
import chargepile.agent.units.EvmAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One odd look at the market ends no session. */
class AgreedTermsTest {
  private static final OrderView ORDER = StillMarket.order(OrderStage.EXECUTING);
  private static final Sale SALE =
      new Sale(
          ORDER.key(),
          StillMarket.PILE,
          StillMarket.CAR,
          ORDER.terms().price(),
          ORDER.terms().energy().toMilliWattHours(),
          ORDER.terms().window());
  private static final Instant START = SALE.window().start();
  private static final Duration APART = AgreedTerms.APART;

  private final List<String> told = new ArrayList<>();
  private final AgreedTerms terms =
      new AgreedTerms(
          sale -> EvmAddress.of(sale.buyer().value()),
          tariff -> tariff.id() == underWay(),
          told::add);
  private boolean charging = true;
  private Duration passed = Duration.ZERO;

  private long underWay() {
    return charging ? Sale.tag(ORDER.key()) : -1;
  }

  /**
   * Whether the order holds, and is in force.
   *
   * @param block its time
   */
  private String look(List<Sale> sales, Instant block, Instant clock) {
    List<Agreement> agreed =
        terms.look(StillMarket.shown(List.of()).at(block), sales, clock, passed.toNanos());
    return said(agreed);
  }

  private static String said(List<Agreement> agreed) {
    return agreed.isEmpty() ? "none" : agreed.getFirst().inForce() ? "in force" : "soon";
  }

  /** No block can be looked at. */
  private String alone(Instant clock) {
    return said(terms.lookAtOwn(List.of(SALE), clock));
  }

  private String shown(Instant time) {
    return look(List.of(SALE), time, time);
  }

  private String missing(Instant time) {
    return look(List.of(), time, time);
  }

  @Test
  void anOrderComesIntoForceAtItsTimeWhenItWasShownBefore() {
    assertEquals("none", shown(START.minus(Duration.ofHours(1))));
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START));
  }

  @Test
  void oneThatIsFirstShownInItsTimeComesIntoForceWithTheNextBlock() {
    assertEquals("soon", shown(START.plusSeconds(1)));
    assertEquals("soon", shown(START.plusSeconds(1)));
    assertEquals("in force", shown(START.plusSeconds(13)));
  }

  @Test
  void aBlockFromTheFutureBringsNothingIntoForce() {
    Instant now = START.minus(Duration.ofMinutes(4));
    assertEquals("soon", shown(now.minusSeconds(12)));
    assertEquals("soon", look(List.of(SALE), START.plusSeconds(1), now));
    assertEquals("in force", look(List.of(SALE), START, START.minusSeconds(20)));
  }

  @Test
  void aRunningSessionKeepsToAnOrderThatOneLookDoesNotShow() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START));
    assertEquals("in force", missing(START.plusSeconds(12)));
    passed = passed.plus(APART);
    assertEquals("in force", shown(START.plusSeconds(24)));
    passed = passed.plus(APART);
    assertEquals("in force", missing(START.plusSeconds(36)), "it counts from the beginning");
  }

  @Test
  void twoLooksAWhileApartAtTwoBlocksWithdrawIt() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START));
    assertEquals("in force", missing(START.plusSeconds(12)));
    assertEquals("in force", missing(START.plusSeconds(24)), "too soon");
    passed = passed.plus(APART);
    assertEquals("in force", missing(START.plusSeconds(12)), "the same block");
    assertEquals("none", missing(START.plusSeconds(36)));
    assertTrue(told.getFirst().contains("goes on until that is certain"), told::toString);
    assertTrue(told.getLast().contains("its session ends"), told::toString);
  }

  @Test
  void aNodeThatLagsBehindTheOrderWithdrawsNothing() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START.plusSeconds(120)));
    for (int i = 0; i < 10; i++) {
      Instant lagging = START.plusSeconds(12L * i);
      assertEquals("in force", look(List.of(), lagging, START.plusSeconds(240 + 12L * i)));
      passed = passed.plus(APART);
    }
    assertEquals("none", missing(START.plusSeconds(360)));
  }

  @Test
  void withoutASessionItIsWithdrawnAtOnceAndSoWhenItsTimeIsOver() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    charging = false;
    assertEquals("none", missing(START.plusSeconds(1)));
    charging = true;
    assertEquals("soon", shown(START.plusSeconds(2)));
    assertEquals("none", missing(SALE.window().end()));
  }

  @Test
  void whileNoBlockIsSeenAnOrderBeginsAndEndsByTheOwnClock() {
    assertEquals("none", shown(START.minusSeconds(3000)));
    assertEquals("none", shown(START.minusSeconds(2988)));
    assertEquals("soon", alone(START.minusSeconds(30)));
    assertEquals("in force", alone(START));
    Instant later = START.plusSeconds(60);
    assertEquals(
        "in force", look(List.of(SALE), START.minusSeconds(60), later), "the node has to catch up");
    assertEquals("in force", alone(SALE.window().end().minusSeconds(1)));
    assertEquals("none", alone(SALE.window().end()));
    assertEquals("none", alone(SALE.window().end().plusSeconds(30)));
  }

  @Test
  void whatOneBlockAloneHasShownDoesNotComeIntoForceByTheOwnClock() {
    assertEquals("none", alone(START));
    assertEquals("soon", shown(START.minusSeconds(12)));
    assertEquals("soon", alone(START.plusSeconds(30)));
  }

  @Test
  void aClockThatIsSetBackTakesBackWhatItBroughtIntoForce() {
    assertEquals("none", shown(START.minusSeconds(3000)));
    assertEquals("none", shown(START.minusSeconds(2988)));
    assertEquals("in force", alone(START));
    assertEquals("none", shown(START.minusSeconds(2900)));
  }

  @Test
  void whileNoBlockIsSeenTheCertaintyOfAMissingOrderDoesNotGrow() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START));
    assertEquals("in force", missing(START.plusSeconds(12)));
    passed = passed.plus(APART);
    assertEquals("in force", said(terms.lookAtOwn(List.of(), START.plusSeconds(42))));
    assertEquals("none", missing(START.plusSeconds(48)));
  }

  @Test
  void withNothingLeftAndNoSessionItHoldsNoMoreThoughNoBlockIsSeen() {
    assertEquals("soon", shown(START.minusSeconds(1)));
    assertEquals("in force", shown(START));
    charging = false;
    assertEquals("none", said(terms.lookAtOwn(List.of(), START.plusSeconds(42))));
  }
}
