package chargepile.hal.vm;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import chargepile.hal.gpio.PiHardware;
import com.pi4j.Pi4J;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;

/**
 * The adapter on a real GPIO character device: the kernel's own gpio-sim in a virtual machine,
 * since no other machine is sure to have a chip whose pins a program can move. The machine runs
 * {@link Guest} once; each of its scenarios is a test here.
 */
@Tag("hardware")
class GpioHardwareTest {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  @TestFactory
  Stream<DynamicTest> onTheKernelsGpio() throws IOException, InterruptedException {
    Path recordings = TARGET.resolve("gpio-edges");
    Recordings.clear(recordings); // those of an earlier run would be read as this one's
    VirtualMachine machine = VirtualMachine.built(TARGET.resolve("vm"));
    List<String> console =
        machine.run(
            List.of(
                VirtualMachine.home(Guest.class),
                VirtualMachine.home(PiHardware.class),
                VirtualMachine.home(Pi4J.class),
                VirtualMachine.home(Logger.class)),
            Guest.class,
            List.of(Path.of("../systemd/udev/60-chargepile-gpio.rules")));
    Recordings.save(console, recordings);

    Map<String, String> reports = new LinkedHashMap<>();
    for (String line : console) {
      if (line.startsWith(Guest.HELD) || line.startsWith(Guest.BROKEN)) {
        String report = line.substring(line.indexOf(' ') + 1);
        reports.put(report.substring(0, report.indexOf(Guest.SEEN)), line);
      }
    }
    return Scenario.ALL.stream()
        .map(scenario -> dynamicTest(scenario.name(), () -> held(scenario, reports, console)));
  }

  private static void held(Scenario scenario, Map<String, String> reports, List<String> console) {
    String report = reports.get(scenario.name());
    assertNotNull(
        report, () -> "no word of it; the machine's last: " + VirtualMachine.tail(console));
    assertTrue(report.startsWith(Guest.HELD), report);
  }
}
