package chargepile.hal.vm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The edges that the machine reported, as files for whoever counts pulses: {@code *.edges}. */
final class Recordings {
  private Recordings() {}

  /** Deletes the recordings of an earlier run. */
  static void clear(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * Writes each recording of the console into a file of its name, its head and edges as they are.
   */
  static void save(List<String> console, Path folder) throws IOException {
    Map<String, StringBuilder> recordings = new LinkedHashMap<>();
    StringBuilder current = new StringBuilder();
    for (String line : console) {
      if (line.startsWith(EdgeLog.HEAD)) {
        current = new StringBuilder();
        recordings.put(line.split(" ")[1], current);
      }
      if (line.startsWith(EdgeLog.HEAD) || line.startsWith(EdgeLog.EDGE)) {
        current.append(line).append('\n');
      }
    }
    Files.createDirectories(folder);
    for (Map.Entry<String, StringBuilder> recording : recordings.entrySet()) {
      Files.writeString(folder.resolve(recording.getKey() + ".edges"), recording.getValue());
    }
  }
}
