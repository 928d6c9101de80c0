package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.Edge;
import chargepile.hal.HardwareException;
import chargepile.hal.Register;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PulseListeningTest {
  private static final PinLayout LAYOUT =
      new PinLayout(
          "",
          Pin.activeLow(17),
          Pin.activeLow(27),
          Pin.activeHigh(22),
          null,
          Pin.activeLow(23),
          null);

  private final FakeKernel kernel = FakeKernel.raspberryPi();

  private CompletableFuture<List<PulseListening>> listening(Duration time) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return PulseListening.listen(LAYOUT, time, kernel);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private void awaitLines() throws InterruptedException {
    while (true) {
      synchronized (kernel) {
        if (kernel.header().requested.containsKey(27)) {
          return;
        }
      }
      Thread.sleep(1);
    }
  }

  @Test
  void onlyThePulseLinesAreTakenAndGivenBack() throws Exception {
    PulseListening.listen(LAYOUT, Duration.ofMillis(1), kernel);
    assertEquals(
        List.of("request doctor", "request doctor", "close doctor", "close doctor"), kernel.calls);
    assertTrue(kernel.descriptors.isEmpty());
  }

  @Test
  void pulsesAreHeardWithTheKernelsTime() throws Exception {
    var heard = listening(Duration.ofSeconds(1));
    awaitLines();
    kernel.move(17, true, 1);
    kernel.move(17, false, 1_000);
    kernel.move(17, true, 30_001_000);
    List<PulseListening> all = heard.get(30, TimeUnit.SECONDS);
    assertEquals(
        List.of(
            new Edge(Register.IMPORT, false, 1, 1),
            new Edge(Register.IMPORT, true, 1_000, 2),
            new Edge(Register.IMPORT, false, 30_001_000, 3)),
        all.getFirst().edges());
    assertEquals(List.of(), all.getLast().edges());
    assertTrue(all.getFirst().conducts(), "the level at first was low");
  }

  @Test
  void aLineThatIsHeldIsRefusedWithItsHolder() {
    kernel.header().consumers.put(27, "fan");
    HardwareException busy =
        assertThrows(
            HardwareException.class,
            () -> PulseListening.listen(LAYOUT, Duration.ofMillis(1), kernel));
    assertTrue(String.valueOf(busy.getMessage()).contains("\"fan\""), busy.getMessage());
    assertTrue(kernel.descriptors.isEmpty(), "the other line is given back");
  }

  @Test
  void aLineThatIsLostIsSaid() throws Exception {
    var heard = listening(Duration.ofSeconds(30));
    awaitLines();
    kernel.lose(17);
    Exception lost = assertThrows(Exception.class, () -> heard.get(20, TimeUnit.SECONDS));
    assertNotNull(lost.getCause());
    assertTrue(String.valueOf(lost.getMessage()).contains("lost"), lost.getMessage());
    assertFalse(kernel.calls.contains("request contactor"));
  }
}
