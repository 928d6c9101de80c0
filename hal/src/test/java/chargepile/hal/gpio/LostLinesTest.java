package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.HardwareException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who cannot meter must not deliver: the contactor opens, then the failure is told. */
@Timeout(60)
class LostLinesTest {
  private static final int IMPORT = 17;
  private static final int CONTACTOR = 27;
  private static final int PLUG = 24;
  private static final PinLayout LAYOUT =
      new PinLayout(
          "",
          Pin.activeLow(IMPORT),
          null,
          Pin.activeHigh(CONTACTOR),
          null,
          Pin.activeLow(PLUG),
          null);

  private final FakeKernel kernel = FakeKernel.raspberryPi();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Boolean> conductedWhenTold = new LinkedBlockingQueue<>();

  @Test
  void aLostMeterLineOpensTheContactorBeforeItIsTold() throws InterruptedException {
    try (PiHardware pile = charging()) {
      kernel.lose(IMPORT);

      assertEquals(
          "GPIO 17 (import pulses): lost, no more edges come from it: device gone (ENODEV); the"
              + " contactor was opened and stays open; look into the kernel's log, mend it and"
              + " restart the agent",
          next(told));
      assertEquals(false, next(conductedWhenTold));
    }
  }

  @Test
  void aLostPlugLineIsAFailureToo() throws InterruptedException {
    try (PiHardware pile = charging()) {
      kernel.lose(PLUG);

      assertTrue(next(told).startsWith("GPIO 24 (plug): lost"));
      assertEquals(false, next(conductedWhenTold));
    }
  }

  @Test
  void aReaderThatEndsIsAFailure() throws InterruptedException {
    try (PiHardware pile = charging()) {
      kernel.failPoll();

      assertTrue(
          next(told)
              .startsWith("the GPIO thread ended, no pulse and no plug is seen any more: poll:"));
      assertEquals(false, next(conductedWhenTold));
    }
    assertTrue(kernel.descriptors.isEmpty(), () -> "left open: " + kernel.descriptors);
  }

  @Test
  void aListenerThatThrowsIsAFailureAndTheEdgesGoOn() throws InterruptedException {
    BlockingQueue<Long> edges = new LinkedBlockingQueue<>();
    try (PiHardware pile = open()) {
      pile.pulses()
          .listen(
              edge -> {
                edges.add(edge.sequence());
                throw new IllegalStateException("the listener of the test fails");
              });
      pile.contactor().engage();
      kernel.move(IMPORT, false, 1);
      kernel.move(IMPORT, true, 2);

      assertTrue(next(told).contains("the listener of the test fails"));
      assertEquals(false, next(conductedWhenTold));
      assertEquals(1, next(edges));
      assertEquals(2, next(edges));
    }
  }

  @Test
  void theContactorStaysOpenFromThenOn() throws InterruptedException {
    try (PiHardware pile = charging()) {
      kernel.lose(IMPORT);
      next(told);

      HardwareException e = assertThrows(HardwareException.class, () -> pile.contactor().engage());

      assertEquals(
          "the contactor stays open: the pile cannot read its lines; restart the agent once they"
              + " are mended",
          e.getMessage());
      assertFalse(pile.contactor().engaged());
      pile.contactor().release();
    }
  }

  @Test
  void aContactorThatCannotBeOpenedEitherIsSaid() throws InterruptedException {
    PiHardware pile = charging();
    kernel.lose(CONTACTOR);
    kernel.lose(IMPORT);

    assertTrue(
        next(told)
            .endsWith(
                "and the contactor cannot be opened: disconnect the pile from the grid, then"
                    + " restart the agent"));
    assertThrows(HardwareException.class, pile::close);
  }

  @Test
  void closingIsNoFailure() {
    PiHardware pile = charging();
    pile.close();

    assertEquals(List.of(), List.copyOf(told));
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T value = queue.poll(30, TimeUnit.SECONDS);
    if (value == null) {
      throw new AssertionError("nothing arrived");
    }
    return value;
  }

  private PiHardware open() {
    PiHardware pile = PiHardware.open(LAYOUT, kernel);
    pile.onFailure(
        what -> {
          conductedWhenTold.add(kernel.line(CONTACTOR).high);
          told.add(what);
        });
    return pile;
  }

  private PiHardware charging() {
    PiHardware pile = open();
    pile.pulses().listen(edge -> {});
    pile.plug().listen(plugged -> {});
    pile.contactor().engage();
    return pile;
  }
}
