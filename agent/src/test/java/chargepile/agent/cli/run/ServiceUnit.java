package chargepile.agent.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The unit that is shipped, {@code systemd/chargepile.service}, as systemd.syntax(7) has it. */
final class ServiceUnit {
  static final Path FILE = Path.of("..", "systemd", "chargepile.service");

  /** By section and key, as {@code Service.Type}; a key may come more than once. */
  private final Map<String, List<String>> settings = new LinkedHashMap<>();

  private ServiceUnit(List<String> lines) {
    String section = "";
    for (String line : lines) {
      if (line.startsWith("[") && line.endsWith("]")) {
        section = line.substring(1, line.length() - 1);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        int equals = line.indexOf('=');
        if (equals < 1 || line.endsWith("\\")) {
          throw new AssertionError("not a setting on one line: " + line);
        }
        settings
            .computeIfAbsent(section + "." + line.substring(0, equals), key -> new ArrayList<>())
            .add(line.substring(equals + 1));
      }
    }
  }

  static ServiceUnit shipped() throws IOException {
    return new ServiceUnit(Files.readAllLines(FILE));
  }

  List<String> all(String key) {
    return settings.getOrDefault(key, List.of());
  }

  /** The value of a key that is there once. */
  String one(String key) {
    List<String> values = all(key);
    if (values.size() != 1) {
      throw new AssertionError("%s is there %d times".formatted(key, values.size()));
    }
    return values.getFirst();
  }

  /** A value in whole seconds. */
  Duration seconds(String key) {
    return Duration.ofSeconds(Long.parseLong(one(key)));
  }

  /** A command line, which has no quotes and no specifiers. */
  List<String> command(String key) {
    String line = one(key);
    if (!line.matches("[A-Za-z0-9/._ -]+")) {
      throw new AssertionError("not a plain command line: " + line);
    }
    return List.of(line.split(" "));
  }
}
