package chargepile.agent.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import chargepile.hal.sim.BadTraceException;
import chargepile.hal.sim.PowerTrace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** A trace to be replayed, which a person wrote or a charger recorded. */
class TraceFuzzTest {
  @TestFactory
  Stream<DynamicTest> doors(@TempDir Path folder) {
    Path file = folder.resolve("trace.csv");
    return Fuzz.tests(
        Door.of(
            "a power trace",
            Stream.of(
                    "seconds,power_w\n0,0\n1.5,7360\n10,-2000.25\n20,9999\n",
                    "seconds,energy_wh\n0,1000\n3600,1500.125\n7200,1400\n",
                    "\uFEFF# from a charger\r\n"
                        + "Seconds, Power_W\r\n\r\n"
                        + "0, 1e3\r\n"
                        + "# pause\r\n"
                        + "1,0\r\n")
                .map(text -> text.getBytes(UTF_8))
                .toList(),
            BadTraceException.class,
            bytes -> {
              Files.write(file, bytes, StandardOpenOption.CREATE_NEW);
              try {
                PowerTrace.read(file);
              } finally {
                Files.delete(file); // overwriting is slow: file systems make it last first
              }
            }));
  }
}
