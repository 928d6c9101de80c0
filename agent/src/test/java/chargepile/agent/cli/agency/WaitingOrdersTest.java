package chargepile.agent.cli.agency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.market.desk.MarketView;
import chargepile.agent.market.desk.OrderView;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingOrdersTest {
  private final OrderView order = SampleViews.established(1);
  private final WaitingOrders waiting =
      new WaitingOrders(Set.of(SampleViews.GRID), Duration.ofMinutes(3));

  private WaitingOrders.News look(Duration before, boolean decided, OrderView... shown) {
    MarketView view =
        SampleViews.at(SampleViews.DEADLINE.minus(before), Arrays.asList(shown), Set.of());
    return waiting.look(view, _ -> decided);
  }

  @Test
  void itCountsWhatWaitsAndSaysWhichIsNext() {
    WaitingOrders.News news =
        look(Duration.ofMinutes(10), false, order, SampleViews.established(2));
    assertEquals(2, news.waiting());
    assertEquals(Optional.of(SampleViews.DEADLINE), news.next());
    assertEquals(List.of(), news.warnings());
  }

  @Test
  void whoseTimeIsNearlyUpIsWarnedOfOnce() {
    assertEquals(List.of(), look(Duration.ofMinutes(4), false, order).warnings());
    List<String> warnings = look(Duration.ofMinutes(2), false, order).warnings();
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains("must be reviewed by"), warnings.getFirst());
    assertTrue(warnings.getFirst().endsWith("its review is not sent yet"), warnings.getFirst());
    assertEquals(List.of(), look(Duration.ofMinutes(1), false, order).warnings());
  }

  @Test
  void whoseTimeIsUpUndecidedIsSaid() {
    assertEquals(1, look(Duration.ofMinutes(4), false, order).waiting());
    WaitingOrders.News late = look(Duration.ofMinutes(-1), false);
    assertTrue(late.warnings().getFirst().contains("was not reviewed by"));
    assertEquals(0, late.waiting());
    assertEquals(List.of(), look(Duration.ofMinutes(-2), false).warnings());
  }

  @Test
  void whatWasDecidedIsNotMissed() {
    assertEquals(1, look(Duration.ofMinutes(4), false, order).waiting());
    WaitingOrders.News after = look(Duration.ofMinutes(-1), true);
    assertEquals(List.of(), after.warnings());
    assertEquals(0, after.waiting());
  }

  @Test
  void ordersOfTheGridAreTheDeputys() {
    assertEquals(0, look(Duration.ofMinutes(1), false, SampleViews.ofGrid()).waiting());
  }
}
