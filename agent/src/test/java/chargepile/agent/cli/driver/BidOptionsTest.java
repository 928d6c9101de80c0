package chargepile.agent.cli.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandFailedException;
import chargepile.agent.cli.node.Trading;
import chargepile.agent.config.ConfigFile;
import chargepile.agent.config.MarketSettings;
import chargepile.agent.units.Amount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a driver's file says of a market is what its wallet goes by. */
class BidOptionsTest {
  private static final Amount MONEY = new Amount(5000);

  @TempDir private Path folder;

  @Command(name = "charge")
  private static final class Charging {
    @Mixin private final BidOptions bids = new BidOptions();
  }

  private Trading.Want want(String market, long bid) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("evm.toml"),
            """
            [evm]
            rpc_url = "http://127.0.0.1:8545"
            chain_id = 31337
            voucher_channel = "0x5fbdb2315678afecb367f032d93f642f64180aa3"
            token = "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512"
            [market]
            registry = "0x0000000000000000000000000000000000000001"
            offer_board = "0x0000000000000000000000000000000000000002"
            quote_book = "0x0000000000000000000000000000000000000006"
            order_book = "0x0000000000000000000000000000000000000003"
            review_board = "0x0000000000000000000000000000000000000004"
            settlement_log = "0x0000000000000000000000000000000000000005"
            """
                + market);
    Charging charging = new Charging();
    var unused = new CommandLine(charging).parseArgs("--bid=" + bid, "--energy=100");
    return charging
        .bids
        .want(new WantFile(folder), ConfigFile.loadEvm(file).market(), MONEY, () -> Instant.EPOCH)
        .orElseThrow()
        .want();
  }

  @Test
  void everyKeyOfADriverIsObeyed() throws Exception {
    Trading.Want want =
        want(
            """
            bid_start_base_units_per_kwh = 250
            bid_ceiling_base_units_per_kwh = 300
            bid_step_base_units_per_kwh = 10
            lead_s = 7200
            window_s = 600
            default_rate_base_units_per_kwh = 30
            default_amount_base_units = 70
            tolerance_basis_points = 400
            """,
            300);
    assertEquals(
        new MarketSettings.Prices(new Amount(250), new Amount(300), new Amount(10)), want.bid());
    assertEquals(Duration.ofHours(2), want.lead());
    assertEquals(Duration.ofMinutes(10), want.window());
    assertEquals(
        new MarketSettings.OnDefault(Optional.of(new Amount(70)), new Amount(30), 400),
        want.onDefault());
  }

  @Test
  void withoutPricesInTheFileTheBidStandsFromTheFirstRoundOn() throws Exception {
    assertEquals(
        new MarketSettings.Prices(new Amount(300), new Amount(300), Amount.ZERO),
        want("", 300).bid());
  }

  @Test
  void aBidAboveTheCeilingIsRefused() {
    String told =
        String.valueOf(
            assertThrows(
                    CommandFailedException.class,
                    () -> want("bid_start_base_units_per_kwh = 250\n", 251))
                .getMessage());
    assertTrue(told.contains("bid_ceiling_base_units_per_kwh"), told);
  }
}
