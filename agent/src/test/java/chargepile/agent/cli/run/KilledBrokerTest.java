package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker is killed in the middle of a session and comes back with nothing retained. */
class KilledBrokerTest {
  private static final int TIMES = 3;
  private static final long SEED =
      Long.getLong("chargepile.kill.seed", new Random().nextInt(1_000_000));

  @TempDir private Path folder;

  @Test
  void theSessionGoesOnWhenTheBrokerIsBack() throws Exception {
    Random random = new Random(SEED);
    try (Site site =
            new Site(
                folder,
                "seconds,power_w\n0,18000\n600,0\n",
                """
                [meter]
                impulses_per_kwh = 2000
                [tariff]
                price_msat_per_kwh = 100000000
                [exposure]
                increment_wh = 1
                credit_wh = 5
                """);
        Program pile = site.pile()) {
      String address = pile.await(line -> line.startsWith("chargepile:"));
      try (Program driver = site.driver("charge", address, "--max-price=100000000")) {
        driver.await(line -> line.startsWith("paid "));
        for (int i = 0; i < TIMES; i++) {
          driver.rest(Duration.ofMillis(random.nextInt(1000)));
          site.killBroker();
          Standings before = site.standings();
          before.assertCompatible();
          driver.rest(Duration.ofMillis(random.nextInt(3000)));
          driver.said(); // what it said before
          site.restartBroker();
          driver.await(line -> line.startsWith("paid "));
          Standings after = site.standings();
          after.assertCompatible();
          after.assertFollows(before);
        }
        driver.terminate();
        driver.await(line -> line.equals("session ended: driver stopped"));
        assertEquals(143, driver.exit(), driver.said());
      }
      Standings settled = site.standings();
      assertTrue(settled.agree(), "seed %d: %s".formatted(SEED, settled));
      settled
          .common()
          .forEach(
              id -> assertEquals(settled.receiptedMsat(id), settled.pileMsat(id), "seed " + SEED));
      assertEquals(1, settled.receipts().size(), "one session, whatever happened to the broker");
      pile.terminate();
      assertEquals(143, pile.exit(), pile.said());
    }
  }
}
