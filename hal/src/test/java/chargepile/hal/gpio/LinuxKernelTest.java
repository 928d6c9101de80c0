package chargepile.hal.gpio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.hal.HardwareException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The real system calls, as far as they go without a GPIO chip. */
@EnabledOnOs(OS.LINUX)
class LinuxKernelTest {
  private final LinuxKernel kernel = new LinuxKernel();

  @Test
  void openingADeviceThatIsNotThereIsNoSuchDevice() {
    KernelException e =
        assertThrows(KernelException.class, () -> kernel.open("/dev/gpiochip-none"));

    assertEquals(KernelException.ENOENT, e.errno());
    assertEquals("open /dev/gpiochip-none: no such device (ENOENT)", e.getMessage());
  }

  @Test
  void aDeviceOfAnotherKindIsNoGpioChip() {
    HardwareException e =
        assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, "/dev/null"));

    assertTrue(String.valueOf(e.getMessage()).contains("not a GPIO device"), e.getMessage());
  }

  @Test
  void aMissingChipNamesThePath() {
    HardwareException e =
        assertThrows(HardwareException.class, () -> ChipFinder.find(kernel, "/dev/gpiochip-none"));

    assertTrue(
        String.valueOf(e.getMessage())
            .startsWith("GPIO chip /dev/gpiochip-none: no such device (ENOENT); "),
        e.getMessage());
  }

  @Test
  void aSignalMakesAnEventfdReadableOnce() throws KernelException {
    int quiet = kernel.eventfd();
    int wake = kernel.eventfd();
    try (Arena arena = Arena.ofConfined()) {
      kernel.signal(wake);
      kernel.signal(wake);

      assertArrayEquals(new boolean[] {false, true}, kernel.poll(new int[] {quiet, wake}));
      MemorySegment count = arena.allocate(ValueLayout.JAVA_LONG);
      assertEquals(8, kernel.read(wake, count));
      assertEquals(2, count.get(ValueLayout.JAVA_LONG, 0));
    } finally {
      kernel.close(quiet);
      kernel.close(wake);
    }
  }

  @Test
  void closingTwiceIsABadDescriptor() throws KernelException {
    int fd = kernel.open("/dev/null");
    kernel.close(fd);

    KernelException e = assertThrows(KernelException.class, () -> kernel.close(fd));
    assertEquals(KernelException.EBADF, e.errno());
  }

  @Test
  void theReaderThreadEndsWhenClosed() {
    LineReader reader = new LineReader(kernel);
    reader.start(what -> {});

    reader.close();
    reader.close();

    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.isAlive() && thread.getName().equals("gpio-edges")));
  }
}
