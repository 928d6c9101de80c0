package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pile's daemon and the driver's wallet as processes, over a real broker and a real node. */
class PileAndDriverTest {
  private static final long FEES_AT_MOST = 10_000;

  @TempDir private Path folder;
  private Site site;

  @BeforeEach
  void start() throws IOException {
    site =
        new Site(
            folder,
            "seconds,power_w\n0,20000\n30,0\n",
            """
            [tariff]
            price_msat_per_kwh = 10000000
            [exposure]
            increment_wh = 10
            credit_wh = 30
            """);
  }

  @AfterEach
  void stop() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void aSessionGoesOnAfterEitherWasKilledAndIsPaidOnTheChain() throws Exception {
    String address;
    try (Program pile = site.pile()) {
      address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
        String offer = driver.await(line -> line.startsWith("session "));
        driver.await(line -> line.startsWith("paid "));
        pile.kill();
        try (Program restarted = site.pile()) {
          assertEquals(address, restarted.await(line -> line.startsWith("chargepile:")));
          driver.await(line -> line.startsWith("paid "));
          driver.await(line -> line.startsWith("paid "));
          driver.kill();
          long paid = chargedUntilTheCarIsFull(address, offer.split("[ :]", -1)[1]);
          closes(address, paid);
          chargesOverAnother(address);
          restarted.terminate();
          assertEquals(143, restarted.exit(), restarted.said());
        }
      }
    }
  }

  /** Starts the driver again; gives the satoshi that it paid in all. */
  private long chargedUntilTheCarIsFull(String address, String session) throws Exception {
    try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
      driver.await(line -> line.equals("going on with session " + session));
      driver.await(line -> line.startsWith("paid "));
      driver.await(line -> line.startsWith("session ended"));
      String summary = driver.await(line -> line.contains("the meter says"));
      assertEquals(0, driver.exit(), driver.said());
      Matcher amount = Pattern.compile("paid ([0-9 ]+) sat for .*").matcher(summary);
      assertTrue(amount.matches(), summary);
      return Long.parseLong(amount.group(1).replace(" ", ""));
    }
  }

  private void closes(String address, long paid) throws Exception {
    try (Program driver = site.driver("close", address)) {
      driver.await(line -> line.equals("settled: cooperative close"));
      assertEquals(0, driver.exit(), driver.said());
    }
    try (Program status = site.look("status")) {
      String line = status.await(l -> l.startsWith("channel "));
      assertTrue(line.contains("settled by cooperative close"), line);
    }
    try (Program receipts = site.look("receipts", "--json")) {
      String line = receipts.await(l -> l.startsWith("{"));
      assertTrue(line.replace(" ", "").contains("\"amount_msat\":" + paid + "000"), line);
    }
    assertEquals(paid, site.balance("pile"));
    long left = site.balance("driver");
    assertTrue(left <= Site.PURSE.value() - paid, () -> left + " sat left");
    assertTrue(left >= Site.PURSE.value() - paid - FEES_AT_MOST, () -> left + " sat left");
  }

  private void chargesOverAnother(String address) throws Exception {
    try (Program driver = site.driver("charge", address, "--max-price=10000000")) {
      driver.await(line -> line.equals("opening another channel"));
      driver.await(line -> line.equals("channel usable"));
      driver.await(line -> line.startsWith("paid "));
      driver.terminate();
      driver.await(line -> line.equals("stopping the session"));
      driver.await(line -> line.equals("session ended: driver stopped"));
      assertEquals(143, driver.exit(), driver.said());
    }
  }
}
