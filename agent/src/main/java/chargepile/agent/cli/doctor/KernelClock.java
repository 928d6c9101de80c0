package chargepile.agent.cli.doctor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.util.Optional;
import org.tinylog.Logger;

/** Whether a time server sets the machine's clock. */
final class KernelClock {
  /** {@code struct timex} has 208 bytes on 64-bit machines; its first field asks for no change. */
  private static final int TIMEX_BYTES = 256;

  /** What adjtimex(2) returns while nobody disciplines the clock. */
  private static final int TIME_ERROR = 5;

  private KernelClock() {}

  /** Empty when it can't be told. */
  static Optional<Boolean> isSet(Machine machine) {
    if (Files.exists(machine.at("run/systemd/timesync/synchronized"))) {
      return Optional.of(true);
    }
    return asked();
  }

  private static Optional<Boolean> asked() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> adjtimex = linker.defaultLookup().find("adjtimex");
    if (adjtimex.isEmpty()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      int state =
          (int)
              linker
                  .downcallHandle(adjtimex.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS))
                  .invokeExact(arena.allocate(TIMEX_BYTES, 8));
      return state < 0 ? Optional.empty() : Optional.of(state != TIME_ERROR);
    } catch (Throwable e) {
      Logger.debug("adjtimex can't be called: {}", e.toString());
      return Optional.empty();
    }
  }
}
