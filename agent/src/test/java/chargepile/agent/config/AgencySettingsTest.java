package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code agency.toml} (P2-09). */
class AgencySettingsTest {
  private static final Path SHIPPED =
      ShippedConfigTest.SHIPPED.resolveSibling("agency.toml").toAbsolutePath().normalize();

  @TempDir private Path folder;

  private AgencySettings load(String text) throws ConfigException, IOException {
    return ConfigFile.loadAgency(Files.writeString(folder.resolve("agency.toml"), text));
  }

  private String problems(String text) {
    ConfigException bad = assertThrows(ConfigException.class, () -> load(text));
    return String.valueOf(bad.getMessage());
  }

  @Test
  void theShippedFileIsSound() throws Exception {
    AgencySettings settings = ConfigFile.loadAgency(SHIPPED);
    assertEquals(SHIPPED.resolveSibling("agency.key"), settings.keyFile());
    assertEquals(new Amount(1_000_000), settings.collectFrom());
    assertEquals(1_000_000_000, settings.gasReserveGwei());
    assertEquals(500, settings.evm().fees().urgentCapGwei());
    assertEquals(EvmAddress.of("0xdc64a140aa3e981100a9beca4e685f962f0cf6c9"), settings.orderBook());
  }

  @Test
  void itIsAlsoSoundWithEveryOptionalKeySet() throws Exception {
    String all =
        Files.readString(SHIPPED)
            .replaceAll("(?m)^# ([a-z_]+ = \\S+)$", "$1")
            .replace("level = \"info\"", "level = \"warn\"");
    AgencySettings settings = load(all);
    assertTrue(settings.evm().second().isPresent());
    assertEquals(Path.of("/var/lib/chargepile-agency"), settings.dataDirectory());
    assertEquals(LogLevel.WARN, settings.logLevel().orElseThrow());
  }

  @Test
  void whatAMarketsDeploymentPrintedMayBeThereAsItIs() throws Exception {
    AgencySettings settings =
        load(
            """
            [agency]
            key_file = "k"
            [evm]
            rpc_url = "http://127.0.0.1:8545"
            chain_id = 31337
            voucher_channel = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
            token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
            first_block = 7
            challenge_period_s = 86400
            [market]
            registry = "0x0000000000000000000000000000000000000001"
            offer_board = "0x0000000000000000000000000000000000000002"
            order_book = "0x0000000000000000000000000000000000000003"
            quote_book = "0x0000000000000000000000000000000000000006"
            review_board = "0x0000000000000000000000000000000000000004"
            settlement_log = "0x0000000000000000000000000000000000000005"
            feeder = "?"
            """);
    assertEquals(7, settings.evm().firstBlock());
    assertFalse(settings.toString().contains("/k"), settings.toString());
  }

  @Test
  void allThatIsMissingIsSaidAtOnce() {
    String said = problems("[market]\n[evm]\n");
    for (String key :
        new String[] {
          "agency.key_file: is missing",
          "evm.rpc_url: is missing",
          "evm.chain_id: is missing",
          "market.order_book: is missing",
          "market.review_board: is missing"
        }) {
      assertTrue(said.contains(key), key + " in " + said);
    }
    assertFalse(said.contains("voucher_channel"), said);
    assertTrue(problems("[agency]\nkey_file = \"k\"\n").contains("market: is missing"));
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    assertTrue(problems("[agency]\nkey_fil = \"k\"\n").contains("agency.key_fil"));
    assertTrue(problems("ledger = \"bitcoin\"\n").contains("this file is for \"evm\""));
  }
}
