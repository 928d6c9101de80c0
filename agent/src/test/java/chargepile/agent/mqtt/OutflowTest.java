package chargepile.agent.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class OutflowTest {
  private final List<String> carried = new ArrayList<>();
  private final Deque<Outflow.Flight> inFlight = new ArrayDeque<>();
  private final Outflow outflow =
      new Outflow(
          (message, flight) -> {
            carried.add(message.topic());
            inFlight.add(flight);
          });

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      outflow.add(new Outflow.Outgoing(String.valueOf(i), new byte[0], false));
    }
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(String::valueOf).toList();
  }

  @Test
  void atMostFifteenAreInFlight() {
    outflow.connected(Outflow.IN_FLIGHT);
    add(20);
    assertEquals(numbers(0, 15), carried);
    inFlight.remove().done();
    assertEquals(numbers(0, 16), carried);
    assertFalse(outflow.isIdle());
  }

  @Test
  void theBrokersOwnLimitHolds() {
    outflow.connected(2);
    add(3);
    assertEquals(numbers(0, 2), carried);
  }

  @Test
  void allGoesOutInOrder() {
    outflow.connected(Outflow.IN_FLIGHT);
    add(100);
    while (!inFlight.isEmpty()) {
      inFlight.remove().done();
    }
    assertEquals(numbers(0, 100), carried);
    assertTrue(outflow.isIdle());
    assertEquals(0, outflow.dropped());
  }

  @Test
  void aMessageThatFailsAtOnceMakesRoomForTheNext() {
    List<String> tried = new ArrayList<>();
    Outflow failing =
        new Outflow(
            (message, flight) -> {
              tried.add(message.topic());
              flight.done();
            });
    failing.connected(1);
    for (int i = 0; i < 1000; i++) {
      failing.add(new Outflow.Outgoing(String.valueOf(i), new byte[0], false));
    }
    assertEquals(numbers(0, 1000), tried);
  }

  @Test
  void theOldestWaitingIsDroppedPastTheBound() {
    outflow.connected(Outflow.IN_FLIGHT);
    add(Outflow.IN_FLIGHT + Outflow.WAITING + 3);
    assertEquals(3, outflow.dropped());
    inFlight.remove().done();
    assertEquals("18", carried.getLast());
  }

  @Test
  void withoutAConnectionMessagesAreDroppedAndCounted() {
    add(2);
    outflow.connected(1);
    add(3);
    outflow.disconnected();
    add(1);
    assertEquals(2 + 2 + 1, outflow.dropped());
    assertEquals(numbers(0, 1), carried);
  }

  @Test
  void anAnswerFromAnEarlierConnectionCountsForNothing() {
    outflow.connected(1);
    add(1);
    Outflow.Flight old = inFlight.remove();
    outflow.disconnected();
    outflow.connected(1);
    add(2);
    old.done();
    assertEquals(2, carried.size());
  }
}
