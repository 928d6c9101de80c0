package chargepile.hal.vm;

import java.util.List;
import java.util.function.Function;

/**
 * Something that must hold on a real chip.
 *
 * @param name what must hold
 * @param body tries it; returns what was seen, or throws
 */
record Scenario(String name, Function<GpioSim, String> body) {

  /** In the order in which they run; the last takes the chip away. */
  static final List<Scenario> ALL =
      List.of(
          new Scenario("edges bear the kernel's time", PulseScenarios::kernelTimeStamps),
          new Scenario("no pulse of the S0 maximum rate is lost", PulseScenarios::maximumRate),
          new Scenario("two registers count at once", PulseScenarios::bothRegisters),
          new Scenario("short noise is told from pulses", PulseScenarios::shortNoise),
          new Scenario("edges before the listener are kept", PulseScenarios::lateListener),
          new Scenario("lost edges show as a jump of the number", PulseScenarios::lostEdges),
          new Scenario("the contactor follows and is read back", ContactorScenarios::followed),
          new Scenario("a welded contactor shows", ContactorScenarios::welded),
          new Scenario("a bouncing plug is one change", ContactorScenarios::bouncingPlug),
          new Scenario(
              "killed, a program of the group gpio opens the contactor",
              ContactorScenarios::killed),
          new Scenario("a contactor left on goes off at the start", ContactorScenarios::leftOn),
          new Scenario("terminated, the program opens the contactor", ContactorScenarios::ended),
          new Scenario("a busy line names who holds it", AccessScenarios::busyLine),
          new Scenario("a line of the kernel names its holder", AccessScenarios::kernelsLine),
          new Scenario("a missing pin names those there are", AccessScenarios::missingPin),
          new Scenario("a missing chip names those there are", AccessScenarios::missingChip),
          new Scenario("a refusal leaves nothing taken", AccessScenarios::nothingStaysTaken),
          new Scenario(
              "without permission, group and rule are named", AccessScenarios::noPermission),
          new Scenario("a chip that vanished is an error", ContactorScenarios::chipGone));
}
