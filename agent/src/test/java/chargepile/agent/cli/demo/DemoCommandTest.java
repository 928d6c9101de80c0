package chargepile.agent.cli.demo;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.cli.CommandRun;
import chargepile.agent.cli.ReadJson;
import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import kotlinx.serialization.json.JsonObject;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DemoCommandTest {
  @TempDir Path folder;

  /** What the command made of its arguments. */
  private static DemoOptions.OnLedger.Bitcoin bitcoin(DemoOptions options) {
    return (DemoOptions.OnLedger.Bitcoin) options.ledger();
  }

  private DemoOptions options(Object... arguments) {
    DemoOptions[] seen = new DemoOptions[1];
    CommandRun run =
        CommandRun.with(
            (options, progress) -> {
              seen[0] = options;
              return DemoSamples.charged();
            },
            withDemo(arguments));
    assertEquals(0, run.exit(), run.err());
    return seen[0];
  }

  private CommandRun refused(Object... arguments) {
    CommandRun run = CommandRun.of(withDemo(arguments));
    assertEquals("", run.out());
    return run;
  }

  private static Object[] withDemo(Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "demo";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  private Path trace(String... lines) throws IOException {
    return Files.writeString(folder.resolve("trace.csv"), String.join("\n", lines));
  }

  @Nested
  class Options {
    @Test
    void withoutOptionsACarChargesAsFastAsItGoes() {
      DemoOptions options = options();
      assertAll(
          () -> assertEquals(1000, options.impulsesPerKwh()),
          () -> assertEquals(MilliWattHours.ofWattHours(100), options.increment()),
          () -> assertEquals(options.increment(), options.credit()),
          () -> assertEquals(new Amount(1_000_000), options.pricePerKwh()),
          () -> assertEquals(new Satoshi(1_000_000), bitcoin(options).capacity()),
          () -> assertEquals(0, options.speed()),
          () -> assertEquals(Direction.IMPORT, options.direction()),
          () -> assertEquals(DriverConduct.HONEST, options.conduct()),
          () -> assertEquals(Optional.empty(), options.broker()),
          () -> assertEquals(Optional.empty(), options.directory()));
    }

    @Test
    void everyOptionArrives() throws IOException {
      Path kept = folder.resolve("stores");
      Path trace = trace("seconds,power_w", "0,3600", "3600,0");
      DemoOptions options =
          options(
              "--trace=" + trace,
              "--imp-per-kwh=10000",
              "--increment=0.5",
              "--credit=2",
              "--price=300000",
              "--capacity=500000",
              "--speed=60",
              "--vanish",
              "--broker=tcp://127.0.0.1:1883",
              "--data=" + kept);
      assertAll(
          () -> assertEquals(trace.toString(), options.traceName()),
          () -> assertEquals(3_600_000, options.trace().importMilliWattHours()),
          () -> assertEquals(10_000, options.impulsesPerKwh()),
          () -> assertEquals(new MilliWattHours(500), options.increment()),
          () -> assertEquals(new MilliWattHours(2000), options.credit()),
          () -> assertEquals(new Amount(300_000), options.pricePerKwh()),
          () -> assertEquals(new Satoshi(500_000), bitcoin(options).capacity()),
          () -> assertEquals(60, options.speed()),
          () -> assertEquals(DriverConduct.VANISH, options.conduct()),
          () -> assertEquals(Optional.of(URI.create("tcp://127.0.0.1:1883")), options.broker()),
          () -> assertEquals(Optional.of(kept.toRealPath()), options.directory()));
    }

    @Test
    void exportTurnsTheTrace() {
      DemoOptions options = options("--export");
      assertEquals(Direction.EXPORT, options.direction());
      assertEquals(0, options.trace().importMilliWattHours());
      assertTrue(options.trace().exportMilliWattHours() > 5_000_000);
    }

    @Test
    void aPrepaidSessionHasNoCredit() {
      assertEquals(MilliWattHours.ZERO, options("--credit=0").credit());
    }

    @Test
    void theChannelIsRoomyEnoughForTheTrace() throws IOException {
      DemoOptions options =
          options("--trace=" + trace("seconds,power_w", "0,500000", "3600,0"), "--price=3000000");
      assertEquals(new Satoshi(3_200_000), bitcoin(options).capacity());
    }
  }

  @Nested
  class Refusals {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "--imp-per-kwh=0 | --imp-per-kwh must be from 1 to 100000",
          "--imp-per-kwh=many | --imp-per-kwh",
          "--increment=0 | --increment 0 is less than one pulse",
          "--increment=0.0001 | at most three decimals",
          "--increment=-1 | --increment must be from 0",
          "--increment=1e9 | --increment must be from 0 to 100000 Wh",
          "--credit=50 | --credit must be 0 (prepaid) or at least one increment",
          "--price=-1 | --price must be from 0",
          "--capacity=19999 | --capacity must be from 20000 to 16777215 sat, not 19999",
          "--speed=-1 | --speed must be 0 or more",
          "--speed=NaN | --speed must be 0 or more",
          "--broker=http://x | use tcp://host:port or ssl://host:port",
          "--broker=tcp://u:p@x | not in the url",
          "--price=100000000000 | too much for one channel",
          "--log=loud | --log",
          "--ledger=gold | --ledger",
          "--anvil=x | only --ledger evm starts an EVM chain",
        })
    void aValueOutOfRangeIsNamed(String option, String message) {
      CommandRun run = refused(option);
      assertEquals(2, run.exit());
      assertTrue(run.err().contains(message), run.err());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "--export | --export: not with --ledger evm",
          "--capacity=50000 | --capacity: a channel of Bitcoin has one",
          "--chain=embedded | not with --ledger evm",
          "--price=99 | --price must be at least 100 with --ledger evm",
        })
    void whatIsOfBitcoinDoesNotGoWithAnEvmChain(String option, String message) {
      CommandRun run = refused("--ledger=evm", option);
      assertEquals(2, run.exit());
      assertTrue(run.err().contains(message), run.err());
    }

    @Test
    void whatIsNoAnvilIsNamed() {
      CommandRun run = refused("--ledger=evm", "--anvil", folder);
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("--anvil takes the file of Foundry's anvil"), run.err());
    }

    @Test
    void aTraceThatChargesNoCarIsNoneForAMarket() throws IOException {
      Path trace = trace("seconds,power_w", "0,-3000", "600,0");
      CommandRun run = refused("--ledger=evm", "--trace", trace);
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("charges no car"), run.err());
    }

    @Test
    void aPulseIsNotMoreThanAnIncrement() {
      CommandRun run = refused("--imp-per-kwh=100", "--increment=5");
      assertEquals(2, run.exit());
      assertTrue(run.err().contains("at least 10.000 Wh"), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--vanish", "--export"})
    void contradictingOptionsAreNamed(String other) {
      CommandRun run = refused("--cheat", other);
      assertEquals(2, run.exit());
      assertTrue(run.err().contains("--cheat and " + other), run.err());
    }

    @Test
    void aBadLineOfATraceIsNamed() throws IOException {
      Path trace = trace("seconds,power_w", "0,100", "10,lots");
      CommandRun run = refused("--trace=" + trace);
      assertEquals(1, run.exit());
      assertTrue(run.err().contains(trace + ":3: power_w"), run.err());
    }

    @Test
    void aTraceWithoutEnergyIsNamed() throws IOException {
      CommandRun run = refused("--trace", trace("seconds,power_w", "0,0", "10,0"));
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("moves no energy"), run.err());
    }

    @Test
    void aFolderInUseIsLeftAlone() throws IOException {
      Files.writeString(folder.resolve("mine"), "kept");
      CommandRun run = refused("--data", folder);
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("is not empty"), run.err());
      assertEquals("kept", Files.readString(folder.resolve("mine")));
    }

    @Test
    void aFileIsNoFolder() throws IOException {
      CommandRun run = refused("--data", trace("x"));
      assertEquals(1, run.exit());
      assertTrue(run.err().contains("is a file"), run.err());
    }
  }

  @Nested
  class Output {
    @Test
    void jsonIsOneLineAndNothingElse() {
      CommandRun run =
          CommandRun.with(
              (options, progress) -> {
                progress.stage("not to be seen");
                return DemoSamples.charged();
              },
              "demo",
              "--json");
      assertEquals(1, run.lines().size());
      JsonObject json = ReadJson.object(run.lines().getLast());
      assertAll(
          () -> assertEquals("5412", ReadJson.text(json, "energy_wh")),
          () -> assertEquals("55", ReadJson.text(json, "increments")),
          () -> assertEquals("5412000", ReadJson.text(json, "amount_msat")),
          () -> assertEquals("100000", ReadJson.text(json, "max_unpaid_mwh")),
          () -> assertEquals("100000", ReadJson.text(json, "credit_mwh")),
          () -> assertEquals("56", ReadJson.text(json, "commitments")),
          () -> assertEquals("cooperative_close", ReadJson.text(json, "outcome")),
          () -> assertEquals("01".repeat(32), ReadJson.text(json, "funding_txid")),
          () -> assertEquals("02".repeat(32), ReadJson.text(json, "settlement_txids.0")),
          () -> assertEquals("5412", ReadJson.text(json, "pile_received_sat")),
          () -> assertEquals("994218", ReadJson.text(json, "driver_received_sat")),
          () -> assertEquals("370", ReadJson.text(json, "fees_sat")),
          () -> assertEquals("1000000", ReadJson.text(json, "capacity_sat")),
          () -> assertEquals("1.872", ReadJson.text(json, "update_ms.p50")),
          () -> assertEquals("4.2", ReadJson.text(json, "update_ms.p99")),
          () -> assertEquals("memory", ReadJson.text(json, "transport")),
          () -> assertEquals("libsecp256k1", ReadJson.text(json, "signer")),
          () -> assertEquals("151552", ReadJson.text(json, "store_bytes")));
    }

    @Test
    void theSummaryTellsWhatHappenedAndWhoGotWhat() {
      CommandRun run = CommandRun.with((options, progress) -> DemoSamples.charged(), "demo");
      assertEquals(0, run.exit(), run.err());
      for (String said :
          new String[] {
            "Charged 5.412 kWh in 45 min 20 s (a built-in car, 1 000 imp/kWh)",
            "1 000 000 msat per kWh",
            "5 412 sat = 5 412 000 msat for 5 412 Wh: 1 000 sat a kWh",
            "55 of 100 Wh",
            "number 56",
            "1.87 ms",
            "cooperative close",
            "01".repeat(32),
            "02".repeat(32),
            "994 218 sat",
            "370 sat",
            "libsecp256k1",
            "152 kB",
          }) {
        assertTrue(run.out().contains(said), () -> said + " is missing in\n" + run.out());
      }
      assertFalse(run.out().contains("left unpaid"), run.out());
    }

    @Test
    void whatStayedUnpaidIsSaid() {
      CommandRun run =
          CommandRun.with((options, progress) -> DemoSamples.vanished(), "demo", "--vanish");
      assertTrue(run.out().contains("left unpaid     101 Wh at the end"), run.out());
      assertTrue(run.out().contains("unilateral close"), run.out());
    }

    @Test
    void progressIsShownLineByLineWhereThereIsNoTerminal() {
      CommandRun run =
          CommandRun.with(
              (options, progress) -> {
                progress.stage("opening the channel");
                progress.charging(
                    Duration.ofSeconds(1400),
                    MilliWattHours.ofWattHours(2706),
                    new Amount(2_700_000),
                    MilliWattHours.ofWattHours(6),
                    10_900,
                    28);
                return DemoSamples.charged();
              },
              "demo");
      assertEquals("opening the channel", run.lines().get(0));
      assertTrue(run.lines().get(1).contains("paid 2 700 sat, unpaid 6 Wh"), run.out());
    }
  }
}
