package chargepile.agent.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kotlinx.serialization.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckConfigCommandTest {
  private static final Path SHIPPED = Path.of("..", "config", "chargepile.toml");
  private static final String SMALLEST =
      """
      [pile]
      id = "pile-1"
      [tariff]
      price_msat_per_kwh = 300000
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("chargepile.toml"), text);
  }

  private static void assertSays(CommandRun run, String... said) {
    for (String line : said) {
      assertTrue(run.out().contains(line), () -> line + " is missing in\n" + run.out());
    }
  }

  @Test
  void theShippedFileIsFineAndItsMeaningIsTold() {
    CommandRun run = CommandRun.of("check-config", SHIPPED);
    assertEquals(0, run.exit(), run.err());
    assertEquals("", run.err());
    assertSays(
        run,
        SHIPPED + " is fine.",
        "300 sat a kWh into the car",
        "1 057.112 Wh = 318 sat: what a driver who vanishes has not paid",
        "driver's risk   nothing",
        "to_self_delay 144 blocks: survives about 24 h without chain or power",
        "regtest");
  }

  private static final String ON_EVM =
      """
      ledger = "evm"
      [pile]
      id = "pile-1"
      [tariff]
      price_base_units_per_kwh = 300000
      [evm]
      rpc_url = "https://node.example/v3/s3cret"
      chain_id = 11155111
      voucher_channel = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
      token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
      [market]
      registry = "0x0000000000000000000000000000000000000001"
      offer_board = "0x0000000000000000000000000000000000000002"
      order_book = "0x0000000000000000000000000000000000000003"
      review_board = "0x0000000000000000000000000000000000000004"
      settlement_log = "0x0000000000000000000000000000000000000005"
      quote_book = "0x0000000000000000000000000000000000000006"
      feeder = "north-7"
      ask_start_base_units_per_kwh = 320000
      ask_floor_base_units_per_kwh = 280000
      ask_step_base_units_per_kwh = 10000
      """;

  @Test
  void onAnEvmChainAmountsAreBaseUnitsAndKeysInAddressesStayUnsaid() throws IOException {
    CommandRun run = CommandRun.of("check-config", file(ON_EVM));
    assertEquals(0, run.exit(), run.err());
    assertSays(
        run,
        "300 000 base units a kWh into the car",
        "the driver puts in 1 000 000 base units or more; used once that is final",
        "challenge periods of 43200 s or more are accepted: survives about 12 h",
        "chain 11155111, by the node at https://node.example",
        "the token 0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512, held by"
            + " 0x5FbDB2315678afecb367f032d93F642f64180aa3",
        "320 000 base units a kWh, by 10 000 base units a round without a buyer down to 280 000"
            + " base units",
        "32 000 base units for a kWh beyond 5 % of the order");
    assertFalse(run.out().contains(" sat"), run.out());
    assertFalse(run.out().contains("s3cret"), run.out());
  }

  @Test
  void onAnEvmChainTheJsonNamesItsUnit() throws IOException {
    CommandRun run = CommandRun.of("check-config", file(ON_EVM), "--json");
    assertEquals(0, run.exit(), run.err());
    JsonObject told = ReadJson.object(run.out());
    assertEquals("\"base_units\"", String.valueOf(told.get("amount_unit")));
    assertEquals("300000", String.valueOf(told.get("price_base_units_per_kwh")));
    assertEquals("11155111", String.valueOf(told.get("chain_id")));
    assertEquals("true", String.valueOf(told.get("market")));
    assertFalse(told.containsKey("to_self_delay_blocks"));
  }

  @Test
  void prepaidTurnsTheRisk() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check-config", file(SMALLEST + "[exposure]\nincrement_wh = 500\ncredit_wh = 0\n"));
    assertEquals(0, run.exit(), run.err());
    assertSays(run, "driver's risk   500 Wh = 150 sat", "pile's risk     7.112 Wh = 3 sat");
  }

  @Test
  void aShortDelayTellsTheShortOutage() throws IOException {
    CommandRun run =
        CommandRun.of("check-config", file(SMALLEST + "[channel]\nto_self_delay_blocks = 50\n"));
    assertSays(run, "to_self_delay 50 blocks: survives about 8 h 20 min");
  }

  @Test
  void energyOutOfTheCarIsTold() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check-config",
            file(SMALLEST + "export_price_msat_per_kwh = 200000\n[gpio]\nexport_pin = 27\n"));
    assertEquals(0, run.exit(), run.err());
    assertSays(run, "200 sat a kWh out of it", "the roles turn");
  }

  @Test
  void theServerAndWhereTheMoneyGoesAreTold() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check-config",
            file(
                SMALLEST
                    + "[chain]\nnetwork = \"signet\"\nbackend = \"esplora\"\n"
                    + "esplora_url = \"https://esplora.example/signet/api\"\n"
                    + "[wallet]\nsweep_to = \"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx\"\n"));
    assertEquals(0, run.exit(), run.err());
    assertSays(
        run,
        "the Esplora server at https://esplora.example/signet/api, wallet of the pile's own seed",
        "to tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx when a channel ends");
  }

  @Test
  void aPlainBrokerIsNotPassedOver() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check-config", file(SMALLEST + "[mqtt]\nbroker_url = \"tcp://localhost:1883\"\n"));
    assertSays(run, "NOT encrypted");
  }

  @Test
  void everyProblemIsToldWithLineAndColumn() throws IOException {
    Path file = file("[pile]\nid = 7\ncolour = \"red\"\n[tariff]\nprice_msat_per_kwh = -1\n");
    CommandRun run = CommandRun.of("check-config", file);
    assertEquals(1, run.exit());
    assertEquals("", run.out());
    assertAll(
        () -> assertEquals(3, run.err().lines().count(), run.err()),
        () -> assertTrue(run.err().contains(file + ":2:"), run.err()),
        () -> assertTrue(run.err().contains(file + ":3:"), run.err()),
        () -> assertTrue(run.err().contains(file + ":5:"), run.err()));
  }

  @Test
  void problemsAreJsonToo() throws IOException {
    CommandRun run =
        CommandRun.of(
            "check-config", "--json", file("[pile]\nid = 7\n[tariff]\nprice_msat_per_kwh = 1\n"));
    assertEquals(1, run.exit());
    JsonObject json = ReadJson.object(run.out());
    assertEquals("false", ReadJson.text(json, "ok"));
    assertEquals("2", ReadJson.text(json, "problems.0.line"));
    assertEquals("pile.id", ReadJson.text(json, "problems.0.key"));
  }

  @Test
  void meaningIsJsonToo() {
    CommandRun run = CommandRun.of("check-config", "--json", SHIPPED);
    JsonObject json = ReadJson.object(run.out());
    assertAll(
        () -> assertEquals("true", ReadJson.text(json, "ok")),
        () -> assertEquals("1057112", ReadJson.text(json, "largest_unpaid_mwh")),
        () -> assertEquals("86400", ReadJson.text(json, "survived_outage_s")));
  }

  @Test
  void aMissingFileAndAFolderAreNamed() {
    CommandRun missing = CommandRun.of("check-config", folder.resolve("none.toml"));
    assertEquals(1, missing.exit());
    assertTrue(missing.err().contains("none.toml"), missing.err());
    CommandRun directory = CommandRun.of("check-config", folder);
    assertEquals(1, directory.exit());
    assertTrue(directory.err().contains("is a folder"), directory.err());
  }
}
