package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chargepile.agent.ocmf.ClockStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemTimeTest {
  @TempDir Path folder;

  @Test
  void theClockIsWorthWhatTheTimeServiceSays() throws IOException {
    Path mark = folder.resolve("synchronized");
    try (SystemTime time = new SystemTime(mark)) {
      assertEquals(ClockStatus.UNKNOWN, time.wallStatus());
    }
    Files.createFile(mark);
    try (SystemTime time = new SystemTime(mark)) {
      assertEquals(ClockStatus.SYNCHRONISED, time.wallStatus());
    }
  }
}
