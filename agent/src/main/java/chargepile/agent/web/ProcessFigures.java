package chargepile.agent.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What the process takes of its machine.
 *
 * @param residentBytes empty where the system does not say
 * @param diskFreeBytes for the daemon's user, where its store lies
 */
record ProcessFigures(
    Instant started,
    Duration processorTime,
    OptionalLong residentBytes,
    long heapBytes,
    long diskFreeBytes) {
  private static final Path STATM = Path.of("/proc/self/statm");
  private static final long PAGE_BYTES = 4096;

  /**
   * As they are now.
   *
   * @param folder where the store lies
   */
  static ProcessFigures now(Path folder) {
    ProcessHandle.Info own = ProcessHandle.current().info();
    Runtime java = Runtime.getRuntime();
    return new ProcessFigures(
        own.startInstant().orElse(Instant.EPOCH),
        own.totalCpuDuration().orElse(Duration.ZERO),
        resident(),
        java.totalMemory() - java.freeMemory(),
        folder.toFile().getUsableSpace());
  }

  /**
   * Of proc_pid_statm(5), in the pages of every Linux that Debian ships for a Raspberry Pi or PC.
   */
  private static OptionalLong resident() {
    try {
      String[] pages = Files.readString(STATM).split(" ", 3);
      return OptionalLong.of(Long.parseLong(pages[1]) * PAGE_BYTES);
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      return OptionalLong.empty();
    }
  }
}
