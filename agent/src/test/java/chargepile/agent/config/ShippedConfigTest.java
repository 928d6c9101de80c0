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
  private static final Pattern SECTION = Pattern.compile("(?:# )?\\[([a-z]+)]");
  private static final Pattern KEY = Pattern.compile("(?:# )?([a-z_]+) = \\S.*");

  @Test
  void theShippedFileIsSound() throws Exception {
    Config config = ConfigFile.load(SHIPPED);
    assertEquals(144, config.bitcoin().channel().toSelfDelay());
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
    Config config = ConfigFile.parse("all.toml", onBitcoin());
    assertTrue(config.gpio().exportPin().isPresent());
    assertTrue(config.mqtt().keyFile().isPresent());
    assertTrue(config.logLevel().isPresent());
  }

  @Test
  void itIsSoundOnAnEvmChainToo() throws Exception {
    Config config = ConfigFile.parse("evm.toml", onEvm());
    LedgerSettings.Evm ledger = (LedgerSettings.Evm) config.ledger();
    assertEquals(new EvmSettings.Finality.Depth(64), ledger.evm().finality());
    assertEquals("north-7", ledger.market().orElseThrow().feeder());
    assertTrue(ledger.evm().second().isPresent());
  }

  /** With every key that goes with Bitcoin. */
  static String onBitcoin() throws IOException {
    String shipped = Files.readString(SHIPPED);
    int from = shipped.indexOf("\n# [evm]\n");
    return withOptionalKeys(
        shipped
            .substring(0, from)
            .concat(shipped.substring(shipped.indexOf("\n[identity]\n", from)))
            .replaceAll("(?m)^# (ledger|[a-z_]*base_units[a-z_]*) = .*\n", ""));
  }

  /** With every key that goes with a pile on an EVM chain. */
  static String onEvm() throws IOException {
    String shipped = Files.readString(SHIPPED);
    int chain = shipped.indexOf("\n[channel]\n");
    int mqtt = shipped.indexOf("\n[mqtt]\n");
    String others =
        shipped.substring(0, chain)
            + shipped.substring(mqtt, shipped.indexOf("\n[chain]\n"))
            + shipped.substring(shipped.indexOf("\n# [evm]\n"));
    return withOptionalKeys(
            others.replaceAll(
                "(?m)^([a-z_]*price_msat[a-z_]*|# bid_[a-z_]+|# window_s) = .*\n", ""))
        .replaceAll("(?m)^# (\\[[a-z]+])", "$1");
  }

  private static String withOptionalKeys(String text) {
    return text.replaceAll("(?m)^# ([a-z_]+ = )", "$1");
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
        keys.add(section.isEmpty() ? key.group(1) : section + "." + key.group(1));
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
