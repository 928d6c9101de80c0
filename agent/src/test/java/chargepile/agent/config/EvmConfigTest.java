package chargepile.agent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import chargepile.agent.units.EvmAddress;
import chargepile.agent.units.WattHours;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvmConfigTest {
  private static final String PILE =
      """
      ledger = "evm"
      [pile]
      id = "p1"
      [tariff]
      price_base_units_per_kwh = 300000
      """;

  private static final String EVM =
      """
      [evm]
      rpc_url = "http://127.0.0.1:8545"
      chain_id = 31337
      voucher_channel = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
      token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
      """;

  private static final String MARKET =
      """
      [market]
      registry = "0x0000000000000000000000000000000000000001"
      offer_board = "0x0000000000000000000000000000000000000002"
      quote_book = "0x0000000000000000000000000000000000000006"
      order_book = "0x0000000000000000000000000000000000000003"
      review_board = "0x0000000000000000000000000000000000000004"
      settlement_log = "0x0000000000000000000000000000000000000005"
      feeder = "north-7"
      """;

  @Test
  void theLeastTakesTheDefaults() throws ConfigException {
    Config config = ConfigFile.parse("c.toml", PILE + EVM);
    LedgerSettings.Evm ledger = (LedgerSettings.Evm) config.ledger();
    EvmSettings evm = ledger.evm();
    assertEquals(new Amount(300_000), config.tariff().importPricePerKwh());
    assertEquals(31_337, evm.chainId());
    assertEquals(EvmAddress.of("0x5fbdb2315678afecb367f032d93f642f64180aa3"), evm.voucherChannel());
    assertEquals(EvmSettings.Finality.Tag.FINALIZED, evm.finality());
    assertEquals(Duration.ofDays(1), evm.challengePeriod().own());
    assertEquals(80_000_000, evm.gasReservePerChannelGwei());
    assertEquals(Duration.ofMinutes(10), config.ledger().grace());
    assertEquals(Optional.empty(), evm.second());
    assertEquals(Optional.empty(), ledger.market());
    assertThrows(IllegalStateException.class, config::bitcoin);
  }

  @Test
  void theMarketBeginsWithTheTariff() throws ConfigException {
    MarketSettings market = market("");
    MarketSettings.Prices ask = market.ask().orElseThrow();
    assertEquals(new Amount(300_000), ask.start());
    assertEquals(ask.start(), ask.limit());
    assertEquals(Amount.ZERO, ask.step());
    assertEquals(Optional.empty(), market.bid());
    assertEquals(new Amount(30_000), market.onDefault().ratePerKwh());
    assertEquals(500, market.onDefault().toleranceBasisPoints());
    assertEquals("north-7", market.feeder());
  }

  @Test
  void pricesFollowTheirSteps() throws ConfigException {
    MarketSettings market =
        market(
            """
            ask_start_base_units_per_kwh = 320000
            ask_floor_base_units_per_kwh = 280000
            ask_step_base_units_per_kwh = 10000
            """);
    assertEquals(
        new MarketSettings.Prices(new Amount(320_000), new Amount(280_000), new Amount(10_000)),
        market.ask().orElseThrow());
  }

  @Test
  void aMarketThatIsSwitchedOffNeedsNothing() throws ConfigException {
    Config config = ConfigFile.parse("c.toml", PILE + EVM + "[market]\nenabled = false\n");
    assertEquals(Optional.empty(), ((LedgerSettings.Evm) config.ledger()).market());
  }

  @Test
  void allThatIsMissingIsToldAtOnce() {
    assertEquals(
        List.of(
            "2:1: evm.chain_id: is missing; must be an integer above 0",
            "2:1: evm.rpc_url: is missing; must be http://host:port or https://host, such as"
                + " \"http://127.0.0.1:8545\"",
            "2:1: evm.token: is missing; must be an address: 0x and 40 hexadecimal digits",
            "2:1: evm.voucher_channel: is missing; must be an address: 0x and 40 hexadecimal"
                + " digits",
            "3:1: tariff.price_base_units_per_kwh: is missing; must be an integer from 0 to"
                + " 9000000000000000"),
        problems("ledger = \"evm\"\n[evm]\n[tariff]\n[pile]\nid = \"p\"\n"));
  }

  @Test
  void aLedgerWithoutItsSectionIsNamed() {
    assertEquals(
        List.of(
            "1:1: evm: is missing: ledger = \"evm\" needs this section, with rpc_url, chain_id and"
                + " more"),
        problems(PILE));
  }

  @Test
  void whatIsTheOtherLedgersIsRefusedWithItsPlace() {
    assertEquals(
        List.of(
            "6:1: tariff.price_msat_per_minute: is for ledger = \"bitcoin\", and the ledger is"
                + " \"evm\": write price_base_units_per_minute",
            "12:1: chain: is for ledger = \"bitcoin\", and the ledger is \"evm\": take the section"
                + " out, or correct ledger at the top"),
        problems(PILE + "price_msat_per_minute = 1\n" + EVM + "[chain]\nrpc_user = \"u\"\n"));
    assertEquals(
        List.of(
            "5:1: evm: is for ledger = \"evm\", and the ledger is \"bitcoin\": take the section"
                + " out, or correct ledger at the top"),
        problems("[pile]\nid = \"p1\"\n[tariff]\nprice_msat_per_kwh = 1000\n" + EVM));
  }

  @Test
  void theLedgerBelongsAboveTheSections() {
    assertEquals(
        List.of("5:1: tariff.ledger: unknown key; it stands above the first [section]"),
        problems("[pile]\nid = \"p1\"\n[tariff]\nprice_msat_per_kwh = 1000\nledger = \"evm\"\n"));
    assertEquals(
        List.of("1:1: ledger: is \"solana\"; must be \"bitcoin\", \"evm\" (default \"bitcoin\")"),
        problems(
            "ledger = \"solana\"\n[pile]\nid = \"p1\"\n[tariff]\nprice_msat_per_kwh = 1000\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chain_id = 1 | evm.chain_id: may be a chain with real money",
        "token = '0xE7f1725e7734ce288f8367e1bb143e90bb3f0512' | its capitals (EIP-55) don't fit",
        "token = '0x5fbdb2315678afecb367f032d93f642f64180aa3' | evm.token: is the address of the"
            + " voucher_channel",
        "second_rpc_url = 'http://127.0.0.1:8545' | evm.second_rpc_url: is the first node again",
        "second_rpc_token_file = 't' | evm.second_rpc_url: is missing, but there is a token",
        "second_rpc_url = 'http://h:1';second_rpc_token_file = 't' | http:// would send the token",
        "second_rpc_url = 'http://h:0' | evm.second_rpc_url: must be a host's name",
        "finality = 'depth' | evm.final_depth_blocks: is missing",
        "final_depth_blocks = 3 | evm.final_depth_blocks: has no effect",
        "finality = 'depth';final_depth_blocks = 36000;minimum_challenge_period_s = 3600 |"
            + " evm.final_depth_blocks: is 36000: on any chain known",
        "challenge_period_s = 10 | evm.challenge_period_s: is 10, outside of the 43200 to 604800",
        "minimum_challenge_period_s = 604801;challenge_period_s = 604801 |"
            + " evm.minimum_challenge_period_s: is above",
        "minimum_challenge_period_s = 600 | evm.grace_minutes: is 10, but",
        "fee_cap_gwei = 3000 | evm.fee_cap_gwei: is above urgent_fee_cap_gwei of 2000",
        "least_tip_wei = 200000000001 | evm.least_tip_wei: is above fee_cap_gwei of 200",
        "deposit_base_units = 999999 | evm.deposit_base_units: is below",
        "least_deposit_base_units = 299999 | evm.least_deposit_base_units: is 299999, and one"
            + " increment costs 300000",
      })
  void contradictionsAreTold(String lines, String told) {
    List<String> keys =
        Arrays.stream(lines.split(";")).map(line -> line.substring(0, line.indexOf(' '))).toList();
    String kept =
        EVM.lines()
            .filter(line -> keys.stream().noneMatch(key -> line.startsWith(key + " =")))
            .reduce("", (all, line) -> all + line + "\n");
    List<String> problems = problems(PILE + kept + lines.replace(';', '\n') + "\n");
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(told), problems.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ask_step_base_units_per_kwh = 1 | market.ask_step_base_units_per_kwh: goes with a floor",
        "ask_floor_base_units_per_kwh = 1 | market.ask_step_base_units_per_kwh: goes with a floor",
        "ask_floor_base_units_per_kwh = 300001;ask_step_base_units_per_kwh = 1 |"
            + " market.ask_floor_base_units_per_kwh: is above the first price of 300000",
        "bid_ceiling_base_units_per_kwh = 5 | market.bid_ceiling_base_units_per_kwh: is a driver's",
        "bid_start_base_units_per_kwh = 5 | market.bid_start_base_units_per_kwh: is a driver's",
        "bid_step_base_units_per_kwh = 5 | market.bid_step_base_units_per_kwh: is a driver's",
        "energy_wh = 5;window_s = 60 | market.window_s: has no effect beside energy_wh",
        "feeder = ' ' | market.feeder: is \" \"; must be 1 to 64 printable",
        "registry = '0x0000000000000000000000000000000000000002' | two of the market's six",
      })
  void contradictionsOfTheMarketAreTold(String lines, String told) {
    String market =
        MARKET
            .lines()
            .filter(line -> !lines.startsWith(line.substring(0, line.indexOf(' ') + 1) + "="))
            .reduce("", (all, line) -> all.isEmpty() ? line : all + "\n" + line);
    List<String> problems =
        problems(
            PILE + EVM + (lines.startsWith("[") ? "" : market + "\n") + lines.replace(';', '\n'));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(told), problems.toString());
  }

  @Test
  void aDriversFileHasTheLedgerAlone(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("ledger.toml"), EVM + MARKET + BIDS);
    LedgerSettings.Evm ledger = ConfigFile.loadEvm(file);
    assertEquals(31_337, ledger.evm().chainId());
    assertEquals(new Amount(5), ledger.market().orElseThrow().bid().orElseThrow().start());
    Files.writeString(file, EVM + MARKET.replaceAll("feeder = .*", "energy_wh = 5\nwindow_s = 60"));
    assertEquals(Optional.empty(), ConfigFile.loadEvm(file).market().orElseThrow().bid());
    Files.writeString(file, EVM + MARKET + "bid_ceiling_base_units_per_kwh = 5\n");
    assertTrue(
        String.valueOf(
                assertThrows(ConfigException.class, () -> ConfigFile.loadEvm(file)).getMessage())
            .contains("market.bid_start_base_units_per_kwh: is missing"));
    Files.writeString(file, "ledger = \"evm\"\n" + EVM);
    assertEquals(Optional.empty(), ConfigFile.loadEvm(file).market());
    Files.writeString(file, "[pile]\n" + EVM + "chain_od = 3\n");
    assertEquals(
        2, assertThrows(ConfigException.class, () -> ConfigFile.loadEvm(file)).problems().size());
  }

  @Test
  void anAddressThatHoldsAKeyIsNotShown() throws ConfigException {
    Config config =
        ConfigFile.parse(
            "c.toml",
            PILE + EVM.replace("http://127.0.0.1:8545", "https://node.example/v3/0123456789"));
    assertFalse(config.toString().contains("0123456789"), config.toString());
  }

  @Test
  void everyKeyOfTheMarketIsRead() throws ConfigException {
    MarketSettings market =
        market(
            """
            energy_wh = 10000
            lead_s = 7200
            default_rate_base_units_per_kwh = 5
            default_amount_base_units = 6
            tolerance_basis_points = 7
            """);
    assertEquals(Optional.of(new WattHours(10_000)), market.energy());
    assertEquals(Duration.ofHours(2), market.lead());
    assertEquals(
        new MarketSettings.OnDefault(Optional.of(new Amount(6)), new Amount(5), 7),
        market.onDefault());
    assertEquals(Duration.ofMinutes(1), market("window_s = 60\n").window());
  }

  private static final String BIDS = "bid_start_base_units_per_kwh = 5\n";

  private static MarketSettings market(String more) throws ConfigException {
    Config config = ConfigFile.parse("c.toml", PILE + EVM + MARKET + more);
    return ((LedgerSettings.Evm) config.ledger()).market().orElseThrow();
  }

  private static List<String> problems(String text) {
    return assertThrows(ConfigException.class, () -> ConfigFile.parse("c", text))
        .problems()
        .stream()
        .map(problem -> problem.toString().substring(2))
        .toList();
  }
}
