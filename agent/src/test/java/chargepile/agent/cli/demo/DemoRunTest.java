package chargepile.agent.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.chain.bitcoind.RegtestNode;
import chargepile.agent.cli.demo.DemoOptions.DriverConduct;
import chargepile.agent.cli.demo.DemoOptions.OnChain;
import chargepile.agent.cli.demo.DemoWorld.BrokerChoice;
import chargepile.agent.mqtt.RealBroker;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Direction;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.sim.PowerTrace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole program, from the first pulse to the last settled output. */
@Timeout(120)
final class DemoRunTest {
  private static final PowerTrace SHORT = PowerTrace.builtIn().scaledToMilliWattHours(1_234_500);
  private static final Satoshi CAPACITY = new Satoshi(1_000_000);

  /** The transaction that fetches an output pays 1 sat a weight unit; it has a few hundred. */
  private static final long DEAREST_SWEEP = 1_000;

  private record Setup(
      PowerTrace trace,
      Direction direction,
      int impulsesPerKwh,
      long increment,
      long credit,
      long price,
      DriverConduct conduct) {

    Setup with(PowerTrace other) {
      return new Setup(other, direction, impulsesPerKwh, increment, credit, price, conduct);
    }

    Setup with(DriverConduct other) {
      return new Setup(trace, direction, impulsesPerKwh, increment, credit, price, other);
    }

    Setup withIncrement(int impulses, long wanted, long allowed) {
      return new Setup(trace, direction, impulses, wanted, allowed, price, conduct);
    }

    Setup withPrice(long other) {
      return new Setup(trace, direction, impulsesPerKwh, increment, credit, other, conduct);
    }

    Setup exporting() {
      return new Setup(
          trace.discharging(), Direction.EXPORT, impulsesPerKwh, increment, credit, price, conduct);
    }

    DemoOptions options(Optional<URI> broker, Optional<Path> directory) {
      return options(broker, directory, OnChain.EMBEDDED, Optional.empty());
    }

    DemoOptions options(
        Optional<URI> broker, Optional<Path> directory, OnChain chain, Optional<Path> bitcoind) {
      return new DemoOptions(
          "a test's car",
          trace,
          direction,
          impulsesPerKwh,
          new MilliWattHours(increment),
          new MilliWattHours(credit),
          new Amount(price),
          0,
          conduct,
          broker,
          directory,
          new DemoOptions.OnLedger.Bitcoin(CAPACITY, chain, bitcoind));
    }

    BitcoinDemoResult run() throws Exception {
      return (BitcoinDemoResult)
          DemoRun.run(
              options(Optional.empty(), Optional.empty()), DemoProgress.NONE, BrokerChoice.MEMORY);
    }

    long due(long energy) {
      return Math.floorDiv(Math.multiplyExact(energy, price), 1_000_000L);
    }
  }

  private static final Setup USUAL =
      new Setup(SHORT, Direction.IMPORT, 1000, 100_000, 100_000, 10_000_000, DriverConduct.HONEST);

  /** What holds of every demo, however its driver behaved. */
  private static void checkSums(Setup setup, BitcoinDemoResult result) {
    assertEquals(
        CAPACITY.value(),
        result.pileReceived().value() + result.driverReceived().value() + result.fees().value());
    assertEquals(setup.due(result.paid().value()), result.amount().value());
    assertTrue(result.maxUnpaid().value() <= setup.credit(), () -> "unpaid " + result.maxUnpaid());
    assertTrue(result.commitments() >= result.increments());
    assertTrue(result.fees().value() > 0 && result.fees().value() < 10_000, result::toString);
  }

  /** What holds when the driver paid to the end. */
  private static void checkPaidToTheEnd(Setup setup, BitcoinDemoResult result) {
    checkSums(setup, result);
    long energy = result.energy().value();
    assertTrue(energy > 0);
    long pulse = (1_000_000 + setup.impulsesPerKwh() - 1) / setup.impulsesPerKwh();
    long traced =
        setup.direction() == Direction.IMPORT
            ? setup.trace().importMilliWattHours()
            : setup.trace().exportMilliWattHours();
    assertTrue(traced - energy >= 0 && traced - energy <= pulse, () -> energy + " of " + traced);
    assertEquals(energy, result.paid().value(), "to the last pulse, and no further");
    long full = energy / setup.increment();
    if (setup.credit() > 0) {
      assertTrue(
          result.increments() == full || result.increments() == full + 1,
          () -> result.increments() + " increments, not about " + full);
    } else {
      assertEquals(0, result.maxUnpaid().value());
      assertEquals(full + 2, result.increments(), "one begun, one to give back what did not flow");
    }
  }

  private static void checkClosedTogether(Setup setup, BitcoinDemoResult result) {
    assertEquals(DemoOutcome.COOPERATIVE_CLOSE, result.outcome());
    assertEquals(1, result.settlement().size());
    long earned = result.amount().value() / 1000;
    if (setup.direction() == Direction.IMPORT) {
      assertEquals(earned, result.pileReceived().value());
    } else {
      assertEquals(earned, result.driverReceived().value());
    }
  }

  @Test
  void anHonestDriverPaysForEveryPulse() throws Exception {
    BitcoinDemoResult result = USUAL.run();
    checkPaidToTheEnd(USUAL, result);
    checkClosedTogether(USUAL, result);
    assertEquals("in-memory", result.transport());
    assertTrue(result.storeBytes() > 0);
  }

  @Test
  void aDriverWhoPublishesARevokedCommitmentLosesAll() throws Exception {
    Setup setup = USUAL.with(DriverConduct.CHEAT);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkCheated(result);
  }

  private static void checkCheated(BitcoinDemoResult result) {
    assertEquals(DemoOutcome.BREACH_REMEDIED, result.outcome());
    assertEquals(0, result.driverReceived().value());
    assertEquals(
        CAPACITY.value() - result.fees().value(), result.pileReceived().value(), "all minus fees");
    assertEquals(2, result.settlement().size(), "the revoked commitment and the penalty");
  }

  @Test
  void aDriverWhoVanishesOwesAtMostTheCredit() throws Exception {
    Setup setup = USUAL.with(DriverConduct.VANISH);
    BitcoinDemoResult result = setup.run();
    checkSums(setup, result);
    checkVanished(setup, result);
  }

  private static void checkVanished(Setup setup, BitcoinDemoResult result) {
    assertEquals(DemoOutcome.UNILATERAL_CLOSE, result.outcome());
    assertTrue(result.energy().value() - result.paid().value() <= setup.credit());
    assertTrue(result.increments() > 0);
    assertEquals(3, result.settlement().size(), "the pile's commitment and a sweep for each");
    long signed = result.amount().value() / 1000;
    long sweep = signed - result.pileReceived().value();
    assertTrue(sweep > 0 && sweep <= DEAREST_SWEEP, () -> "the pile's sweep cost " + sweep);
  }

  @Test
  void aCarThatFeedsIsPaidByThePile() throws Exception {
    Setup setup = USUAL.exporting();
    BitcoinDemoResult result = setup.run();
    assertEquals(0, result.imported().value());
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
  }

  @Test
  void aPileThatFeedsAVanishingCarOwesNothingMore() throws Exception {
    Setup setup = USUAL.exporting().with(DriverConduct.VANISH);
    BitcoinDemoResult result = setup.run();
    checkSums(setup, result);
    assertEquals(DemoOutcome.UNILATERAL_CLOSE, result.outcome());
    long signed = result.amount().value() / 1000;
    long sweep = signed - result.driverReceived().value();
    assertTrue(sweep > 0 && sweep <= DEAREST_SWEEP, () -> "the driver's sweep cost " + sweep);
  }

  @Test
  void prepaidEnergyIsNeverUnpaid() throws Exception {
    Setup setup = USUAL.withIncrement(1000, 100_000, 0);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
  }

  @Test
  void anIncrementMayBeOnePulse() throws Exception {
    Setup setup =
        USUAL
            .with(PowerTrace.builtIn().scaledToMilliWattHours(300_000))
            .withIncrement(1000, 1_000, 1_000);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
    assertEquals(299, result.increments(), 1);
  }

  @Test
  void aFastMeterCountsEveryPulse() throws Exception {
    Setup setup =
        USUAL
            .with(PowerTrace.builtIn().scaledToMilliWattHours(500_000))
            .withIncrement(10_000, 100_000, 100_000);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
  }

  @Test
  void aPriceThatDoesNotDivideIsRoundedDownOnce() throws Exception {
    Setup setup = USUAL.withPrice(3_333_333);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
  }

  @Test
  void aRealCarIsChargedToTheEnd() throws Exception {
    String shared = System.getProperty("chargepile.shared");
    Path file = Path.of(shared == null ? "../../shared" : shared, "data", "polestar2-dc.csv");
    if (!Files.exists(file)) {
      Assumptions.abort("skipped: " + file.toAbsolutePath() + " not found");
    }
    Setup setup = USUAL.with(PowerTrace.read(file)).withIncrement(1000, 1_000_000, 1_000_000);
    BitcoinDemoResult result = setup.run();
    checkPaidToTheEnd(setup, result);
    checkClosedTogether(setup, result);
  }

  @Test
  void itsEnergyAndMoneyAreTheSameEveryTime() throws Exception {
    List<List<Object>> figures = List.of(figures(USUAL.run()), figures(USUAL.run()));
    assertEquals(figures.getFirst(), figures.getLast());
  }

  private static List<Object> figures(BitcoinDemoResult result) {
    return List.of(
        result.imported(),
        result.exported(),
        result.paid(),
        result.increments(),
        result.amount(),
        result.outcome(),
        result.pileReceived(),
        result.driverReceived(),
        result.capacity());
  }

  @ParameterizedTest
  @EnumSource(DriverConduct.class)
  void itRunsOverARealBroker(DriverConduct conduct) throws Exception {
    RealBroker.require();
    Setup setup = USUAL.with(conduct);
    BitcoinDemoResult result =
        (BitcoinDemoResult)
            DemoRun.run(
                setup.options(Optional.empty(), Optional.empty()),
                DemoProgress.NONE,
                BrokerChoice.PRIVATE_OR_MEMORY);
    assertTrue(result.transport().startsWith("mqtt tcp://127.0.0.1:"), result::transport);
    checkSums(setup, result);
    switch (conduct) {
      case HONEST -> checkClosedTogether(setup, result);
      case CHEAT -> checkCheated(result);
      case VANISH -> checkVanished(setup, result);
    }
  }

  @ParameterizedTest
  @MethodSource("demosOnANode")
  void itRunsOnABitcoinNode(Setup setup) throws Exception {
    BitcoinDemoResult result =
        (BitcoinDemoResult)
            DemoRun.run(
                setup.options(
                    Optional.empty(),
                    Optional.empty(),
                    OnChain.BITCOIND,
                    Optional.of(RegtestNode.program())),
                DemoProgress.NONE,
                BrokerChoice.MEMORY);
    assertTrue(result.chain().startsWith("bitcoind Satoshi:"), result::chain);
    checkSums(setup, result);
    switch (setup.conduct()) {
      case HONEST -> {
        checkPaidToTheEnd(setup, result);
        checkClosedTogether(setup, result);
      }
      case CHEAT -> checkCheated(result);
      case VANISH -> checkVanished(setup, result);
    }
  }

  static List<Setup> demosOnANode() {
    return List.of(
        USUAL,
        USUAL.with(DriverConduct.CHEAT),
        USUAL.with(DriverConduct.VANISH),
        USUAL.exporting(),
        USUAL.withIncrement(1000, 100_000, 0));
  }

  @Test
  void aBitcoindThatDoesNotStartIsNamedWithWhatItSaid(@TempDir Path directory) throws Exception {
    Path broken = Files.writeString(directory.resolve("bitcoind"), "#!/bin/sh\necho no disk\n");
    assertTrue(broken.toFile().setExecutable(true));
    DemoFailedException e =
        assertThrows(
            DemoFailedException.class,
            () ->
                DemoRun.run(
                    USUAL.options(
                        Optional.empty(), Optional.empty(), OnChain.BITCOIND, Optional.of(broken)),
                    DemoProgress.NONE));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(broken + " does not start: no disk"), message);
    assertTrue(message.contains("--bitcoind"), message);
  }

  @Test
  void theStoresStayWhereTheyAreWanted(@TempDir Path directory) throws Exception {
    Setup setup = USUAL.with(PowerTrace.builtIn().scaledToMilliWattHours(200_000));
    DemoOptions options = setup.options(Optional.empty(), Optional.of(directory));
    DemoRun.run(options, DemoProgress.NONE, BrokerChoice.MEMORY);
    assertTrue(Files.exists(directory.resolve("pile.db")));
    assertTrue(Files.exists(directory.resolve("driver.db")));
    IOException e =
        assertThrows(
            IOException.class,
            () -> DemoRun.run(options, DemoProgress.NONE, BrokerChoice.MEMORY),
            "stores of an earlier demo are not touched");
    assertTrue(String.valueOf(e.getMessage()).contains("exists"));
  }

  @Test
  void aBrokerThatIsNotThereIsNamed() {
    URI nowhere = URI.create("tcp://127.0.0.1:1");
    DemoFailedException e =
        assertThrows(
            DemoFailedException.class,
            () ->
                DemoRun.run(
                    USUAL.options(Optional.of(nowhere), Optional.empty()), DemoProgress.NONE));
    assertTrue(String.valueOf(e.getMessage()).contains(nowhere.toString()), e::getMessage);
  }
}
