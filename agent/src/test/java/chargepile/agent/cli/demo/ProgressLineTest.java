package chargepile.agent.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.MilliWattHours;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final String LINE_START = "\r";

  private final StringWriter text = new StringWriter();
  private long nanos;

  private ProgressLine line(boolean terminal) {
    return new ProgressLine(
        new PrintWriter(text), terminal, MilliWattHours.ofWattHours(1000), () -> nanos);
  }

  private static void charge(ProgressLine line, long wattHours) {
    line.charging(
        Duration.ofSeconds(wattHours),
        MilliWattHours.ofWattHours(wattHours),
        new Amount(wattHours * 1000),
        MilliWattHours.ZERO,
        3600,
        wattHours / 10);
  }

  private long drawn(String what) {
    return text.toString().split(java.util.regex.Pattern.quote(what), -1).length - 1L;
  }

  @Test
  void aTerminalGetsTenLinesASecondAtTheMost() {
    ProgressLine line = line(true);
    for (int wattHours = 1; wattHours <= 1000; wattHours++) {
      nanos += Duration.ofMillis(1).toNanos();
      charge(line, wattHours);
    }
    line.end();
    assertEquals(11, drawn(LINE_START), text.toString());
  }

  @Test
  void theLastStateIsAlwaysShown() {
    ProgressLine line = line(true);
    charge(line, 1);
    charge(line, 1000);
    line.end();
    assertTrue(text.toString().contains("[####################] 100 %"), text.toString());
    assertTrue(text.toString().endsWith(System.lineSeparator()));
  }

  @Test
  void elsewhereThereIsALineForEveryTenth() {
    ProgressLine line = line(false);
    for (int wattHours = 1; wattHours <= 1000; wattHours++) {
      charge(line, wattHours);
    }
    line.end();
    assertEquals(10, text.toString().lines().count(), text.toString());
    assertEquals(0, drawn("\u001b"), "control sequences belong to terminals");
  }

  @Test
  void aStageBeginsALineOfItsOwn() {
    ProgressLine line = line(true);
    charge(line, 500);
    line.stage("closing the channel");
    assertEquals("closing the channel", text.toString().lines().toList().getLast());
  }
}
