package chargepile.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.sim.PowerTrace.Step;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceCsvTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void eachPowerHoldsUntilTheNextRowAndTheLastRowEndsTheTrace() {
    PowerTrace trace = parse("seconds,power_w\n0,0\n1.5,7360\n10,-2000.25\n20,9999\n");

    assertEquals(
        List.of(
            new Step(1_500_000_000L, 0),
            new Step(8_500_000_000L, 7_360_000),
            new Step(10 * SECOND, -2_000_250)),
        trace.steps());
  }

  @Test
  void aTraceMayStartAtAnyTime() {
    PowerTrace trace = parse("seconds,power_w\n1700000000.25,1000\n1700000001.5,0\n");

    assertEquals(List.of(new Step(1_250_000_000L, 1_000_000)), trace.steps());
  }

  @Test
  void blankLinesCommentsByteOrderMarkAndWindowsLineEndsDoNotDisturb() {
    PowerTrace trace =
        parse("\uFEFF# from a charger\r\nSeconds, Power_W\r\n\r\n0, 1\r\n# pause\r\n1,0\r\n");

    assertEquals(List.of(new Step(SECOND, 1000)), trace.steps());
  }

  @Test
  void energyIsSpreadEvenlyToThePicojoule() {
    PowerTrace trace = parse("seconds,energy_wh\n0,100\n3600,107.360001\n7200,105\n");

    assertEquals(7360, trace.importMilliWattHours());
    assertEquals(2360, trace.exportMilliWattHours());
    long picojoules = trace.steps().stream().mapToLong(s -> s.nanos() * s.milliwatts()).sum();
    assertEquals(5L * 3_600_000_000_000_000L, picojoules, "net 5 Wh, exactly");
  }

  @Test
  void restingEnergyIsNoPower() {
    assertEquals(
        List.of(new Step(10 * SECOND, 0)), parse("seconds,energy_wh\n0,5\n10,5\n").steps());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "time,power_w;0,1;1,1 | t.csv:1: unknown first column \"time\"; the first line must be",
        "seconds,power_kw;0,1;1,1 | t.csv:1: unknown unit \"power_kw\"; the first line must be",
        "seconds;0;1 | t.csv:1: header \"seconds\" has not two columns; the first line must be",
        "0,100;1,100 | t.csv:1: unknown first column \"0\"; the first line must be seconds,power_w",
        "seconds,power_w | t.csv:1: no data rows; a trace needs two or more",
        "seconds,power_w;0,1 | t.csv:2: only one data row; a trace needs two or more",
        "seconds,power_w;0,1;x,1 | t.csv:3: seconds is not a finite number: \"x\"; write a plain",
        "seconds,power_w;0,NaN;1,1 | t.csv:2: power_w is not a finite number: \"NaN\"; write",
        "seconds,power_w;0,Infinity;1,1 | t.csv:2: power_w is not a finite number: \"Infinity\"",
        "seconds,power_w;0,1e400;1,1 | t.csv:2: power_w is not a finite number: \"1e400\"",
        "seconds,power_w;0,;1,1 | t.csv:2: power_w is missing; write a plain number",
        "seconds,power_w;0,7,36;1,1 | t.csv:2: \"0,7,36\" has 3 columns instead of 2; write"
            + " numbers",
        "seconds,power_w;0;1,1 | t.csv:2: \"0\" has 1 columns instead of 2; write numbers",
        "seconds,power_w;-1,1;1,1 | t.csv:2: seconds are negative; count them up",
        "seconds,power_w;0,1;2,1;1,1 | t.csv:4: seconds do not increase (line 3 is as late or"
            + " later)",
        "seconds,power_w;0,1;0,2;1,1 | t.csv:3: seconds do not increase (line 2 is as late or"
            + " later)",
        "seconds,power_w;0,7360000;1,1 | t.csv:2: power over 1 MW; is the column really in watts?",
        "seconds,power_w;0,-7360000;1,1 | t.csv:2: power over 1 MW; is the column really in watts?",
        "seconds,power_w;0,1;9999999999,1 | t.csv:3: seconds are absurd (9999999999); are they",
        "seconds,power_w;0,1;2678401,1 | t.csv:3: the trace lasts over 31 days; are the seconds",
        "seconds,energy_wh;0,1000;1,0 | t.csv:3: energy changes by more than 1 MW since line 2;",
      })
  void badInputNamesFileLineFaultAndRemedy(String csv, String message) {
    BadTraceException e =
        assertThrows(BadTraceException.class, () -> parse(csv.replace(';', '\n') + "\n"));

    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e::getMessage);
  }

  @Test
  void anEmptyFileIsCalledEmpty(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("empty.csv"), "\n\n");

    BadTraceException e = assertThrows(BadTraceException.class, () -> PowerTrace.read(file));
    assertEquals(
        file + ": empty; the first line must be seconds,power_w or seconds,energy_wh",
        e.getMessage());
  }

  @Test
  void aMissingFileADirectoryAndBinaryAreNamed(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("none.csv");
    Path binary = Files.write(folder.resolve("b.csv"), new byte[] {(byte) 0xC3, 0x28, 10});

    assertEquals(missing + ": no such file; check the path", failure(missing));
    assertEquals(folder + ": is a directory; name a CSV file", failure(folder));
    assertEquals(binary + ": is not UTF-8 text; save the trace as CSV in UTF-8", failure(binary));
  }

  @Property
  void anyTextGivesATraceOrABadTrace(@ForAll @StringLength(max = 60) String text) {
    try {
      parse("seconds,power_w\n" + text);
    } catch (BadTraceException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("t.csv:"), e::getMessage);
    }
  }

  private static String failure(Path file) {
    return String.valueOf(
        assertThrows(BadTraceException.class, () -> PowerTrace.read(file)).getMessage());
  }

  private static PowerTrace parse(String csv) {
    try {
      return TraceCsv.read("t.csv", new StringReader(csv));
    } catch (IOException e) {
      throw new AssertionError("a string can be read", e);
    }
  }
}
