package chargepile.agent.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The daemon stopped as its service stops it: within 5 s, whatever else is in trouble, and never
 * with the contactor left closed.
 */
class StoppedPileTest {
  private static final int STOPPED = 143;

  /** Of the README; the unit's TimeoutStopSec is longer. */
  private static final Duration PROMISED = Duration.ofSeconds(5);

  private static final String PRICE = "--max-price=100000000";

  @TempDir static Path folder;
  private static Site site;
  private static ServiceUnit unit;

  @TempDir private Path chip;
  private Bench bench;

  @BeforeAll
  static void start() throws IOException {
    unit = ServiceUnit.shipped();
    site =
        new Site(
            folder,
            """
            [meter]
            impulses_per_kwh = 2000
            [tariff]
            price_msat_per_kwh = 100000000
            [exposure]
            increment_wh = 1
            credit_wh = 100
            """);
  }

  @AfterAll
  static void stop() {
    if (site != null) {
      site.close();
    }
  }

  @BeforeEach
  void plugIn() throws IOException {
    bench = new Bench(chip);
  }

  private enum Trouble {
    NONE {
      @Override
      void begin() {}

      @Override
      void end() {}
    },
    THE_BROKER_IS_GONE {
      @Override
      void begin() throws Exception {
        site.killBroker();
      }

      @Override
      void end() throws Exception {
        site.restartBroker();
      }
    },
    THE_BROKER_HANGS {
      @Override
      void begin() throws Exception {
        site.pauseBroker();
      }

      @Override
      void end() throws Exception {
        site.resumeBroker();
      }
    },
    THE_NODE_HANGS {
      @Override
      void begin() {
        site.mining(false);
        site.node().pause();
      }

      @Override
      void end() {
        site.node().resume();
        site.mining(true);
      }
    };

    abstract void begin() throws Exception;

    abstract void end() throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void stoppedWhileItChargesItEndsInTimeWithTheContactorOpen(Trouble trouble) throws Exception {
    try (Program pile = site.pileOn(bench);
        Program driver = site.driver("charge", address(pile), PRICE)) {
      awaitCharging(driver);
      trouble.begin();
      try {
        assertTrue(bench.isClosed(), "it charges: " + pile.said());
        assertEndsInTime(pile);
      } finally {
        trouble.end();
      }
    }
  }

  @Test
  void stoppedWhileItWaitsForItsFirstNodeAndItsBrokerItEndsInTime() throws Exception {
    // Both take connections, and answer nothing.
    try (ServerSocket node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket broker = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path file =
          Files.writeString(
              chip.resolve("pile.toml"),
              """
              [pile]
              id = "p"
              data_dir = "pile"
              [tariff]
              price_msat_per_kwh = 300000
              [mqtt]
              broker_url = "tcp://127.0.0.1:%d"
              [chain]
              rpc_url = "http://127.0.0.1:%d"
              rpc_user = "u"
              rpc_password_file = "password"
              """
                  .formatted(broker.getLocalPort(), node.getLocalPort()));
      Files.writeString(chip.resolve("password"), "secret\n");
      try (Program pile = bench.program(() -> {}, List.of(), "run", "--config", file.toString())) {
        pile.await(line -> line.contains("GPIO on"));
        assertEndsInTime(pile);
        assertFalse(bench.wasClosed());
      }
    }
  }

  private void assertEndsInTime(Program pile) throws Exception {
    pile.terminate();
    assertTrue(pile.endsWithin(PROMISED), pile::said);
    assertEquals(STOPPED, pile.exit(), pile.said());
    assertTrue(bench.wasTouched());
    assertFalse(bench.isClosed(), pile.said());
  }

  @Test
  void killedWhileItChargesTheServiceOpensTheContactor() throws Exception {
    try (Program pile = site.pileOn(bench);
        Program driver = site.driver("charge", address(pile), PRICE)) {
      awaitCharging(driver);
      pile.kill();
      assertTrue(bench.isClosed(), "a killed program can't open it: " + pile.said());
      List<String> after = new ArrayList<>(unit.command("Service.ExecStopPost"));
      after.removeFirst();
      after.replaceAll(word -> word.endsWith(".toml") ? site.configuration().toString() : word);
      try (Program open = bench.program(() -> {}, List.of(), after.toArray(String[]::new))) {
        assertEquals(0, open.exit(), open.said());
      }
      assertFalse(bench.isClosed());
    }
  }

  /** A session that goes on pays for the last one's energy before the contactor closes. */
  private void awaitCharging(Program driver) throws Exception {
    driver.await(line -> line.startsWith("paid "));
    while (!bench.isClosed()) {
      driver.await(line -> line.startsWith("paid "));
    }
  }

  private static String address(Program pile) throws InterruptedException {
    return pile.await(line -> line.startsWith("chargepile:"));
  }
}
