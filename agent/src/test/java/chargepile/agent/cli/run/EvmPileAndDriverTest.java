package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.units.Amount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both programs paid in a token (P2-15), over a real broker and a real EVM node. */
class EvmPileAndDriverTest {
  /** 20 kW for a quarter of an hour, at 10 tokens a kWh. */
  private static final String CAR = "seconds,power_w\n0,20000\n%d,0\n";

  private static final String SETTINGS =
      """
      [tariff]
      price_base_units_per_kwh = 10000000
      [exposure]
      increment_wh = 10
      credit_wh = 30
      """;

  private static final Pattern PAID = Pattern.compile("\"amount_base_units\":(\\d+)");

  @TempDir private Path folder;

  /** Charged, killed, charged on, ended, closed together, and paid to the unit. */
  @Test
  void aSessionOutlivesAKilledPileAndIsPaidInTheToken() throws Exception {
    try (EvmSite site = new EvmSite(folder, CAR.formatted(40), SETTINGS)) {
      String address;
      try (Program pile = site.pile();
          Watcher watcher = site.watcher()) {
        address = pile.await(line -> line.startsWith("chargepile:"));
        pile.await(line -> line.startsWith("challenge period of 3600 s or more"));
        try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
          driver.await(
              line -> line.startsWith("account 0x") && line.contains(": 100 CPEA, and 1 coin "));
          driver.await(line -> line.equals("putting 20 CPEA into a channel on the chain"));
          // The offer may come before the deposit is final, or after.
          driver.await(line -> line.equals("paid 0.1 CPEA for 10 Wh"));
          assertTrue(driver.said().contains(": 10 CPEA a kWh"), driver.said());
          pile.kill();
          try (Program restarted = site.pile()) {
            assertEquals(address, restarted.await(line -> line.startsWith("chargepile:")));
            driver.await(line -> line.startsWith("paid "));
            driver.await(line -> line.startsWith("session ended"));
            String summary = driver.await(line -> line.contains("the meter says"));
            assertEquals(0, driver.exit(), driver.said());
            assertTrue(summary.contains(" CPEA for "), summary);
            try (Program close = site.driver("close", address)) {
              close.await(line -> line.equals("settled: cooperative close"));
              assertEquals(0, close.exit(), close.said());
            }
          }
        }
        List<String> topics = watcher.retained("chargepile/pile-1/+");
        assertTrue(topics.contains("chargepile/pile-1/price_base_units_per_kwh"), topics::toString);
        assertFalse(topics.contains("chargepile/pile-1/price_msat_per_kwh"), topics::toString);
      }
      Amount paid = paid(site);
      assertTrue(paid.value() >= 200_000, paid::toString);
      assertEquals(paid, site.balance("pile"));
      assertEquals(EvmSite.PURSE.minus(paid), site.balance("driver"));
      assertEquals(Amount.ZERO, site.held());
    }
  }

  /** The driver closes with none of its vouchers while the pile has no power. */
  @Test
  void aStaleCloseIsAnsweredAfterTheNextStart() throws Exception {
    try (EvmSite site = new EvmSite(folder, CAR.formatted(600), SETTINGS)) {
      String address;
      try (Program pile = site.pile()) {
        address = pile.await(line -> line.startsWith("chargepile:"));
        try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
          driver.await(line -> line.equals("paid 0.2 CPEA for 20 Wh"));
          driver.await(line -> line.startsWith("paid "));
          pile.kill();
          driver.kill();
        }
      }
      try (Program close = site.driver("close", address, "--force")) {
        close.await(line -> line.equals("asking the contract to close the channel"));
        try (Program pile = site.pile()) {
          pile.await(line -> line.contains("found channel"));
          pile.await(line -> line.contains("challenge in the channel"));
          site.passTime(EvmSite.PERIOD);
          close.await(line -> line.startsWith("settled: "));
          assertEquals(0, close.exit(), close.said());
        }
      }
      assertTrue(site.balance("pile").value() >= 200_000, () -> site.balance("pile").toString());
      assertEquals(
          EvmSite.PURSE, new Amount(site.balance("pile").value() + site.balance("driver").value()));
      try (Program status = site.look("status")) {
        String line = status.await(told -> told.startsWith("channel "));
        assertTrue(line.contains("settled by unilateral close"), line);
      }
    }
  }

  /** A node that is away keeps no pile from starting, unless it has never been there. */
  @Test
  void theNodeMayBeAwayOnceItWasThere() throws Exception {
    try (EvmSite site = new EvmSite(folder, CAR.formatted(40), SETTINGS)) {
      try (Program doctor =
          new Program(() -> {}, "doctor", "--config", site.configuration().toString())) {
        doctor.await(line -> line.startsWith("OK") && line.contains("chain 31337, block "));
        doctor.await(line -> line.contains("channels are held by 0x"));
        doctor.await(line -> line.contains(" is CPEA, with 6 decimals"));
        doctor.await(line -> line.contains("holds 1 coin for gas"));
        assertFalse(doctor.said().contains(" sat"), doctor.said());
      }
      String address;
      try (Program pile = site.pile()) {
        address = pile.await(line -> line.startsWith("chargepile:"));
      }
      site.killNode();
      try (Program pile = site.pile()) {
        pile.await(line -> line.contains("starting without the chain"));
        assertEquals(address, pile.await(line -> line.startsWith("chargepile:")));
      }
      for (String file : List.of("pile.db", "pile.db-wal", "pile.db-shm")) {
        Files.deleteIfExists(folder.resolve("pile").resolve(file));
      }
      try (Program pile = site.pile()) {
        pile.await(line -> line.contains("no chain, so nothing is sold yet; asking again"));
        pile.terminate();
        assertNotEquals(0, pile.exit());
      }
    }
  }

  private static Amount paid(EvmSite site) throws Exception {
    try (Program receipts = site.look("receipts", "--json")) {
      Matcher found = PAID.matcher(receipts.await(line -> line.startsWith("{")));
      assertTrue(found.find());
      return new Amount(Long.parseLong(found.group(1)));
    }
  }
}
