package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.MilliWattHours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ShippedConfigTest {
  static final Path SHIPPED = find();
  private static final Pattern SECTION = Pattern.compile("\\[([a-z]+)]");
  private static final Pattern KEY = Pattern.compile("(?:# )?([a-z_]+) = \\S.*");

  @Test
  void theShippedFileIsSound() throws Exception {
    Config config = ConfigFile.load(SHIPPED);
    assertEquals(144, config.channel().toSelfDelay());
    assertEquals(MilliWattHours.ofWattHours(1050), config.exposure().credit());
  }

  @Test
  void everyKeyIsInItOnceAndInTheOrderOfReading() throws IOException {
    assertEquals(
        List.copyOf(ConfigFile.keys()).stream().sorted().toList(),
        written(Files.readAllLines(SHIPPED)).stream().sorted().toList());
  }

  @Test
  void itIsAlsoSoundWithEveryOptionalKeySet() throws Exception {
    String all = Files.readString(SHIPPED).replaceAll("(?m)^# ([a-z_]+ = )", "$1");
    Config config = ConfigFile.parse("all.toml", all);
    assertTrue(config.gpio().exportPin().isPresent());
    assertTrue(config.mqtt().keyFile().isPresent());
    assertTrue(config.logLevel().isPresent());
  }

  private static List<String> written(List<String> lines) {
    List<String> keys = new ArrayList<>();
    String section = "";
    for (String line : lines) {
      Matcher header = SECTION.matcher(line);
      Matcher key = KEY.matcher(line);
      if (header.matches()) {
        section = header.group(1);
      } else if (key.matches()) {
        keys.add(section + "." + key.group(1));
      }
    }
    return keys;
  }

  /** Above the module's folder, from where tests run, or in it when run from the top. */
  private static Path find() {
    Path above = Path.of("../config/chargepile.toml");
    return Files.exists(above) ? above : Path.of("config/chargepile.toml");
  }
}
