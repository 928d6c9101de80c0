package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.HardwareStoppedException;
import chargepile.hal.Light;
import chargepile.hal.Register;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole way through Pi4J, on a kernel in memory. */
@Timeout(60)
class PiHardwareTest {
  private static final int IMPORT = 17;
  private static final int EXPORT = 22;
  private static final int CONTACTOR = 27;
  private static final int READBACK = 23;
  private static final int PLUG = 24;
  private static final int LIGHT = 25;
  private static final int HEAT = 6;
  private static final long PULL_UP = 1 << 8;
  private static final long PULL_DOWN = 1 << 9;
  private static final PinLayout LAYOUT =
      new PinLayout(
          "",
          Pin.activeLow(IMPORT),
          Pin.activeLow(EXPORT),
          Pin.activeHigh(CONTACTOR),
          null,
          Pin.activeLow(PLUG),
          Pin.activeHigh(LIGHT));

  private final FakeKernel kernel = FakeKernel.raspberryPi();

  @Test
  void pulseInputsArePulledUpUndebouncedAndDeeplyBuffered() {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      FakeKernel.FakeLine line = kernel.line(IMPORT);

      assertEquals("import pulses", line.consumer);
      assertEquals(1 << 2 | 1 << 4 | 1 << 5 | 1 << 8, line.flags);
      assertEquals(1024, line.eventBuffer);
      assertEquals(0, line.attributeId, "no kernel debounce");
      assertFalse(pile.contactor().engaged());
    }
  }

  @Test
  void anEdgeKeepsTheKernelsTimeAndNumber() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      BlockingQueue<Edge> edges = new LinkedBlockingQueue<>();
      kernel.move(IMPORT, false, 1_000);
      pile.pulses().listen(edges::add);
      kernel.move(IMPORT, true, 30_001_000);
      assertEquals(new Edge(Register.IMPORT, true, 1_000, 1), next(edges));
      assertEquals(new Edge(Register.IMPORT, false, 30_001_000, 2), next(edges));

      kernel.move(EXPORT, false, 5);
      assertEquals(new Edge(Register.EXPORT, true, 5, 1), next(edges));
    }
  }

  @Test
  void aLostEdgeShowsAsAJumpOfTheSequence() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      BlockingQueue<Edge> edges = new LinkedBlockingQueue<>();
      pile.pulses().listen(edges::add);
      kernel.move(IMPORT, false, 1);
      kernel.overflow(IMPORT, 7);
      kernel.move(IMPORT, true, 2);

      assertEquals(1, next(edges).sequence());
      assertEquals(9, next(edges).sequence());
    }
  }

  @Test
  void aThousandEdgesArriveInOrder() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      BlockingQueue<Edge> edges = new LinkedBlockingQueue<>();
      for (int i = 1; i <= 1000; i++) {
        kernel.move(IMPORT, i % 2 == 0, i);
      }
      pile.pulses().listen(edges::add);

      for (int i = 1; i <= 1000; i++) {
        assertEquals(new Edge(Register.IMPORT, i % 2 == 1, i, i), next(edges));
      }
    }
  }

  @Test
  void thereIsOneListenerOnly() {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      pile.pulses().listen(edge -> {});
      pile.plug().listen(plugged -> {});

      assertThrows(IllegalStateException.class, () -> pile.pulses().listen(edge -> {}));
      pile.onFailure(what -> {});
      assertThrows(IllegalStateException.class, () -> pile.plug().listen(plugged -> {}));
      assertThrows(IllegalStateException.class, () -> pile.onFailure(what -> {}));
    }
  }

  @Test
  void theContactorStartsOpenAndFollowsCommands() {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      assertFalse(kernel.line(CONTACTOR).high);
      assertFalse(pile.contactor().engaged());

      pile.contactor().engage();
      assertTrue(kernel.line(CONTACTOR).high);
      assertTrue(pile.contactor().engaged());

      pile.contactor().release();
      pile.contactor().release();
      assertFalse(kernel.line(CONTACTOR).high);
      assertFalse(pile.contactor().engaged());
    }
  }

  @Test
  void anActiveLowContactorIsHighWhileOpenFromTheRequestOn() {
    PinLayout layout =
        new PinLayout(
            "pinctrl-rp1",
            Pin.activeLow(IMPORT),
            null,
            Pin.activeLow(CONTACTOR),
            null,
            Pin.activeLow(PLUG),
            null);
    try (PiHardware pile = PiHardware.open(layout, kernel)) {
      assertEquals(2, kernel.line(CONTACTOR).attributeId);
      assertEquals(1, kernel.line(CONTACTOR).attributeValue);

      pile.contactor().engage();
      assertFalse(kernel.line(CONTACTOR).high);
      pile.contactor().release();
      assertTrue(kernel.line(CONTACTOR).high);
    }
  }

  @Test
  void aReleaseDrivesTheLineAgainWhateverWasCommandedBefore() {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      kernel.line(CONTACTOR).high = true;

      pile.contactor().release();

      assertFalse(kernel.line(CONTACTOR).high);
    }
  }

  @Test
  void onceTheAgentStopsNothingClosesTheContactorAgain() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      pile.contactor().engage();

      pile.lastResort.start(); // as the virtual machine does when it ends
      pile.lastResort.join();

      assertFalse(kernel.line(CONTACTOR).high);
      assertThrows(HardwareStoppedException.class, () -> pile.contactor().engage());
      assertFalse(kernel.line(CONTACTOR).high);
      kernel.line(CONTACTOR).high = true;
      pile.contactor().release();
      assertFalse(kernel.line(CONTACTOR).high, "the line is driven until it is closed");
    }
  }

  @Test
  void aWiredReadbackTellsOfAWeldedContactor() {
    PinLayout layout =
        new PinLayout(
            "",
            Pin.activeLow(IMPORT),
            null,
            Pin.activeHigh(CONTACTOR),
            Pin.activeLow(READBACK),
            Pin.activeLow(PLUG),
            null);
    try (PiHardware pile = PiHardware.open(layout, kernel)) {
      kernel.move(READBACK, true, 1);
      assertFalse(pile.contactor().engaged());
      pile.contactor().engage();
      kernel.move(READBACK, false, 2);

      pile.contactor().release();

      assertTrue(pile.contactor().engaged());
    }
  }

  @Test
  void thePlugIsDebouncedByTheKernelAndReported() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
      kernel.line(PLUG).high = true;
      assertFalse(pile.plug().plugged());
      assertEquals(50_000, kernel.line(PLUG).attributeValue);
      pile.plug().listen(changes::add);

      kernel.move(PLUG, false, 1);
      assertEquals(true, next(changes));
      assertTrue(pile.plug().plugged());
      kernel.move(PLUG, true, 2);
      assertEquals(false, next(changes));
    }
  }

  @Test
  void theReadbackIsDebouncedByTheKernel() {
    try (PiHardware pile = PiHardware.open(layout(Pin.activeLow(READBACK), null), kernel)) {
      assertEquals(50_000, kernel.line(READBACK).attributeValue);
      assertFalse(pile.heat().tooHot(), "no thermostat is never too hot");
    }
  }

  @Test
  void aThermostatThatOpensOrLosesItsWireIsTooHot() throws InterruptedException {
    try (PiHardware pile = PiHardware.open(layout(null, Pin.activeHigh(HEAT)), kernel)) {
      BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
      FakeKernel.FakeLine line = kernel.line(HEAT);
      assertEquals("over-temperature", line.consumer);
      assertEquals(PULL_UP, line.flags & (PULL_UP | PULL_DOWN), "nothing to ground is too hot");
      assertEquals(50_000, line.attributeValue);
      assertFalse(pile.heat().tooHot());
      pile.heat().listen(changes::add);

      kernel.move(HEAT, true, 1);
      assertEquals(true, next(changes));
      assertTrue(pile.heat().tooHot());
      kernel.move(HEAT, false, 2);
      assertEquals(false, next(changes));
    }
  }

  @Test
  void aThermostatToThePlusIsPulledDown() {
    try (PiHardware pile = PiHardware.open(layout(null, Pin.activeLow(HEAT)), kernel)) {
      assertEquals(PULL_DOWN, kernel.line(HEAT).flags & (PULL_UP | PULL_DOWN));
      assertTrue(pile.heat().tooHot());
      kernel.move(HEAT, true, 1);
      assertFalse(pile.heat().tooHot());
    }
  }

  private static PinLayout layout(@Nullable Pin readback, @Nullable Pin heat) {
    return new PinLayout(
        "",
        Pin.activeLow(IMPORT),
        null,
        Pin.activeHigh(CONTACTOR),
        readback,
        Pin.activeLow(PLUG),
        null,
        heat);
  }

  @Test
  void theLightIsSteadyWhenReady() {
    try (PiHardware pile = PiHardware.open(LAYOUT, kernel)) {
      pile.light().show(Light.READY);
      assertTrue(kernel.line(LIGHT).high);
      pile.light().show(Light.OFF);
      assertFalse(kernel.line(LIGHT).high);
    }
  }

  @Test
  void closingReleasesTheContactorFirstAndGivesEverythingBack() {
    PiHardware pile = PiHardware.open(LAYOUT, kernel);
    pile.contactor().engage();
    pile.light().show(Light.FAULT);
    kernel.calls.clear();

    pile.close();
    pile.close();

    assertEquals("contactor low", kernel.calls.getFirst());
    assertTrue(kernel.descriptors.isEmpty(), () -> "left open: " + kernel.descriptors);
    assertFalse(pile.contactor().engaged());
    assertThrows(HardwareException.class, () -> pile.contactor().engage());
    pile.contactor().release();
  }

  @Test
  void aPinInUseNamesItsUserAndNothingStaysTaken() {
    kernel.header().consumers.put(PLUG, "w1-gpio");

    HardwareException e =
        assertThrows(HardwareException.class, () -> PiHardware.open(LAYOUT, kernel));

    assertEquals(
        "GPIO 24 (plug) on /dev/gpiochip1 (pinctrl-rp1, 54 lines): in use by \"w1-gpio\"; stop that"
            + " program, remove the overlay that claims the pin, or choose another",
        e.getMessage());
    assertTrue(kernel.descriptors.isEmpty(), () -> "left open: " + kernel.descriptors);
    assertNull(kernel.header().requested.get(CONTACTOR));
  }

  @Test
  void aPinTheChipDoesNotHaveIsRefusedWithTheRange() {
    PinLayout layout =
        new PinLayout(
            "", Pin.activeLow(99), null, Pin.activeHigh(CONTACTOR), null, Pin.activeLow(1), null);

    HardwareException e =
        assertThrows(HardwareException.class, () -> PiHardware.open(layout, kernel));

    assertEquals(
        "GPIO 99 (import pulses): the chip /dev/gpiochip1 (pinctrl-rp1, 54 lines) has lines 0 to"
            + " 53; correct the pin in the configuration",
        e.getMessage());
  }

  @Test
  void aPinUsedTwiceIsRefusedWithBothUses() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new PinLayout(
                    "", Pin.activeLow(4), null, Pin.activeHigh(4), null, Pin.activeLow(1), null));

    assertEquals(
        "GPIO 4 is set for import pulses and for contactor; choose two pins", e.getMessage());
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T value = queue.poll(30, TimeUnit.SECONDS);
    if (value == null) {
      throw new AssertionError("nothing arrived");
    }
    return value;
  }
}
