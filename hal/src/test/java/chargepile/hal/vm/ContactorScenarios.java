package chargepile.hal.vm;

import static chargepile.hal.vm.Report.check;
import static chargepile.hal.vm.Report.contains;
import static chargepile.hal.vm.Report.eventually;
import static chargepile.hal.vm.Report.next;

import chargepile.hal.Contactor;
import chargepile.hal.HardwareException;
import chargepile.hal.gpio.PiHardware;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Contactor and plug: what the lines do, and what they do when the program is gone. */
final class ContactorScenarios {
  private ContactorScenarios() {}

  static String followed(GpioSim sim) {
    sim.pull(Pile.READBACK, true);
    try (PiHardware pile = Pile.open()) {
      Contactor contactor = pile.contactor();
      check(!sim.high(Pile.CONTACTOR), "the coil is driven at the start");
      check(!contactor.engaged(), "engaged at the start");

      contactor.engage();
      check(sim.high(Pile.CONTACTOR), "the coil is not driven");
      check(!contactor.engaged(), "engaged before the auxiliary contact says so");
      sim.pull(Pile.READBACK, false);
      eventually(contactor::engaged, "engaged as the auxiliary contact says");

      contactor.release();
      check(!sim.high(Pile.CONTACTOR), "the coil is driven after the release");
      sim.pull(Pile.READBACK, true);
      eventually(() -> !contactor.engaged(), "open as the auxiliary contact says");
      contactor.engage();
    }
    check(!sim.high(Pile.CONTACTOR), "the coil is driven after the close");
    return "the coil follows, engaged() is what the auxiliary contact says";
  }

  static String welded(GpioSim sim) {
    try (PiHardware pile = Pile.open()) {
      pile.contactor().engage();
      sim.pull(Pile.READBACK, false);
      pile.contactor().release();
      check(!sim.high(Pile.CONTACTOR), "the coil is driven after the release");
      eventually(pile.contactor()::engaged, "a contactor that did not open is called closed");
      sim.pull(Pile.READBACK, true);
      eventually(() -> !pile.contactor().engaged(), "one that opened late is called open");
    }
    return "released, and engaged() as long as the auxiliary contact stays closed";
  }

  static String bouncingPlug(GpioSim sim) {
    sim.pull(Pile.PLUG, true);
    try (PiHardware pile = Pile.open()) {
      BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
      pile.plug().listen(changes::add);
      check(!pile.plug().plugged(), "plugged at the start");
      Meter contact = new Meter(sim, Pile.PLUG);
      contact.pulses(5, Duration.ofMillis(2), Duration.ofMillis(2)).edge(true);
      check(next(changes, "plugged in"), "unplugged though plugged in");
      check(pile.plug().plugged(), "not plugged");
      contact.pulses(5, Duration.ofMillis(2), Duration.ofMillis(2)).edge(false);
      check(!next(changes, "unplugged"), "plugged though unplugged");
      contact.hold(Duration.ofMillis(200));
      check(changes.isEmpty(), "bounce came through: %s", changes);
    }
    return "one change each for a plug that bounces 5 times";
  }

  /** The program runs without rights but the group's, as the installed one does. */
  static String killed(GpioSim sim) {
    sim.pull(Pile.CONTACTOR, false);
    sim.permitByRule();
    try (Child pile = Child.thatEngages()) {
      check(sim.high(Pile.CONTACTOR), "the coil is not driven");
      pile.kill();
      eventually(() -> !sim.high(Pile.CONTACTOR), "the coil goes off after kill -9");
    }
    return "the line went to the board's pull-down: open";
  }

  /** As a kernel leaves it that keeps outputs driven when their program is gone. */
  static String leftOn(GpioSim sim) {
    sim.pull(Pile.CONTACTOR, true);
    check(sim.high(Pile.CONTACTOR), "the coil is not driven");
    try (PiHardware next = Pile.open()) {
      check(!sim.high(Pile.CONTACTOR), "the coil is driven still");
      check(!next.contactor().engaged(), "engaged");
    } finally {
      sim.pull(Pile.CONTACTOR, false);
    }
    return "the line went off as the program took it";
  }

  static String ended(GpioSim sim) {
    try (Child pile = Child.thatEngages()) {
      check(sim.high(Pile.CONTACTOR), "the coil is not driven");
      int code = pile.terminate();
      check(!sim.high(Pile.CONTACTOR), "the coil is driven after SIGTERM");
      return "off when the program was gone, exit code " + code;
    }
  }

  /** The last of all: there is no chip afterwards. */
  static String chipGone(GpioSim sim) {
    PiHardware pile = Pile.open();
    pile.contactor().engage();
    sim.close();
    try {
      pile.contactor().release();
    } catch (HardwareException e) {
      contains(String.valueOf(e.getMessage()), "GPIO 27 (contactor)", "device gone");
      refuses(pile.contactor());
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("a line of a chip that is gone was driven");
  }

  private static void refuses(Contactor contactor) {
    try {
      contactor.engage();
    } catch (HardwareException e) {
      return;
    }
    throw new AssertionError("the contactor of a chip that is gone engaged");
  }
}
