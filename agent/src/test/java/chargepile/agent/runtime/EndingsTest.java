package chargepile.agent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chargepile.agent.channel.Outcome;
import chargepile.agent.channel.Stage;
import chargepile.agent.energy.PileFault;
import chargepile.agent.session.driver.DriverCommand;
import chargepile.agent.session.driver.DriverPolicy;
import chargepile.agent.session.pile.OperatorCommand;
import chargepile.agent.session.wire.Limits;
import chargepile.agent.session.wire.StopReason;
import chargepile.agent.units.Amount;
import chargepile.agent.units.Feerate;
import chargepile.agent.units.MilliWattHours;
import chargepile.agent.units.Satoshi;
import chargepile.hal.Light;
import chargepile.hal.Register;
import chargepile.hal.sim.Disturbances;
import chargepile.hal.sim.PowerTrace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import kotlinx.serialization.json.Json;
import kotlinx.serialization.json.JsonElement;
import kotlinx.serialization.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How sessions end: contactor, channel and documents say the same. */
@Timeout(60)
final class EndingsTest {
  private static Map<String, JsonElement> document(TwoNodes nodes, String topic) {
    nodes.run(Duration.ofSeconds(1)); // what is gathered is said meanwhile
    String text = nodes.retained.get(topic);
    return ((JsonObject) Json.Default.parseToJsonElement(String.valueOf(text)));
  }

  private static String field(Map<String, JsonElement> document, String name) {
    return String.valueOf(document.get(name));
  }

  private static void checkDocuments(TwoNodes nodes, StopReason reason) {
    Map<String, JsonElement> session = document(nodes, TwoNodes.TOPICS.session());
    assertEquals("\"Ended\"", field(session, "phase"));
    assertEquals("\"" + reason + "\"", field(session, "reason"));
    assertEquals(Long.toString(nodes.delivered()), field(session, "import_mwh"));
    Map<String, JsonElement> paid = (JsonObject) Objects.requireNonNull(session.get("paid_import"));
    assertEquals(Long.toString(nodes.paid().energy().value()), field(paid, "energy_mwh"));
    assertEquals(Long.toString(nodes.paid().amount().value()), field(paid, "amount_msat"));
    assertEquals("open", nodes.retained.get(TwoNodes.TOPICS.contactor()));
    assertEquals("online", nodes.retained.get(TwoNodes.TOPICS.status()));
    long register = nodes.pile.state().meter().registers().importEnergy().value();
    assertEquals(
        "%d.%03d".formatted(register / 1000, register % 1000),
        nodes.retained.get(TwoNodes.TOPICS.energyImportWh()));
    checkChannel(nodes);
  }

  /** A channel's document says its stage, and is gone when the channel is. */
  private static void checkChannel(TwoNodes nodes) {
    String topic = TwoNodes.TOPICS.channel(nodes.commitments().channelId().toString());
    if (nodes.stage() instanceof Stage.Closed) {
      nodes.run(Duration.ofSeconds(1));
      assertEquals("", nodes.retained.get(topic));
      return;
    }
    Map<String, JsonElement> channel = document(nodes, topic);
    assertEquals("\"" + nodes.stage().title() + "\"", field(channel, "stage"));
    assertEquals(Long.toString(nodes.commitments().local().number()), field(channel, "commitment"));
  }

  private static void checkFault(TwoNodes nodes, PileFault fault) {
    Map<String, JsonElement> faults = document(nodes, TwoNodes.TOPICS.fault());
    assertEquals("[\"" + fault + "\"]", field(faults, "faults"));
    assertEquals(Light.FAULT, nodes.hardware.shownLight());
  }

  @Test
  void unpluggedUnderLoad() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.hardware.unplug();
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertEquals(123_000, nodes.delivered());
      checkDocuments(nodes, StopReason.UNPLUGGED);
      checkNoFault(nodes);
    }
  }

  private static void checkNoFault(TwoNodes nodes) {
    assertEquals("[]", field(document(nodes, TwoNodes.TOPICS.fault()), "faults"));
  }

  @Test
  void stoppedByTheDriver() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(77_000);
      nodes.driver.command(new DriverCommand.Stop());
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      checkDocuments(nodes, StopReason.DRIVER_STOPPED);
    }
  }

  @Test
  void aWeldedContactor() throws Exception {
    Disturbances welded = Disturbances.builder().welded().build();
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(welded)).start().open()) {
      nodes.chargeUntil(100_000);
      var answer = nodes.pile.command(new OperatorCommand.Stop("enough"));
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertTrue(answer.get().done(), answer.get()::text);
      nodes.run(Duration.ofSeconds(5));
      assertTrue(nodes.hardware.conducting(), "it is welded");
      checkFault(nodes, PileFault.WELDED_CONTACTOR);
      nodes.mineUntilSettled();
      assertEquals(
          nodes.paid().amount().value() / 1000, nodes.chain.balance(nodes.pileHome).value());
      assertTrue(nodes.delivered() <= 103_000, "what flows through the weld is not sold");
      nodes.hardware.unplug();
      nodes.run(Duration.ofSeconds(5));
      long closings = nodes.pileLog.stream().filter("engage"::equals).count();
      nodes.hardware.plugIn();
      nodes.run(Duration.ofSeconds(30));
      assertEquals(closings, nodes.pileLog.stream().filter("engage"::equals).count());
    }
  }

  @Test
  void aWeldThatNoCurrentShows() {
    Disturbances welded = Disturbances.builder().welded().build();
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(welded)).start().open()) {
      nodes.chargeUntil(50_000);
      nodes.hardware.unplug();
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.run(Duration.ofSeconds(15)); // that the plug went under load is over then
      checkFault(nodes, PileFault.WELDED_CONTACTOR);
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
    }
  }

  @Test
  void morePowerThanThePileCanCarry() {
    PowerTrace trace =
        new PowerTrace(
            List.of(
                new PowerTrace.Step(Duration.ofSeconds(60).toNanos(), 7_000_000),
                new PowerTrace.Step(Duration.ofSeconds(600).toNanos(), 35_000_000)));
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(trace)).start().open()) {
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      checkFault(nodes, PileFault.OVER_POWER);
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertTrue(nodes.delivered() < 150_000, () -> "it went on to " + nodes.delivered());
      checkDocuments(nodes, StopReason.FAULT);
    }
  }

  @Test
  void linesLostUnderLoad() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.hardware.fail("GPIO 17 (import pulses): lost; restart the agent");
      nodes.hardware.unplug(); // not seen
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      checkFault(nodes, PileFault.HARDWARE_FAILED);
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertEquals(123_000, nodes.delivered());
      checkDocuments(nodes, StopReason.FAULT);
    }
  }

  @Test
  void aContactorThatCannotBeOpenedOpensWhenItComesUnstuck() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.ports.stuck = true;
      nodes.driver.command(new DriverCommand.Stop());
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.run(Duration.ofSeconds(5));
      Map<String, JsonElement> faults = document(nodes, TwoNodes.TOPICS.fault());
      assertEquals("[\"HARDWARE_FAILED\",\"WELDED_CONTACTOR\"]", field(faults, "faults"));
      assertTrue(nodes.hardware.conducting());
      nodes.hardware.unplug();
      nodes.ports.stuck = false;
      nodes.run(ContactorRelease.AGAIN.plusSeconds(1));
      assertFalse(nodes.hardware.conducting());
      assertFalse(nodes.hardware.contactor().commanded());
      nodes.mineUntilSettled();
      assertEquals(Optional.empty(), nodes.pile.failure());
      assertTrue(nodes.paid().energy().value() >= 123_000, "what was metered is paid");
    }
  }

  @Test
  void aContactorThatCannotBeOpenedAtAllEndsTheProgram() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(123_000);
      nodes.ports.stuck = true;
      nodes.driver.command(new DriverCommand.Stop());
      nodes.run(ContactorRelease.AGAIN.multipliedBy(ContactorRelease.MOST_FAILURES + 1));
      assertEquals(
          "the contactor could not be opened 10 times, disconnect the pile from the grid: GPIO 27"
              + " (contactor): cannot be driven",
          nodes.pile.failure().orElseThrow().getMessage());
      nodes.ports.stuck = false;
    }
  }

  @Test
  void aMeterThatFallsDead() {
    Disturbances dead = Disturbances.builder().missPulses(Register.IMPORT, 124, 10_000).build();
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(dead)).start().open()) {
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      assertFalse(nodes.hardware.traceEnded(), "the car would have gone on");
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertEquals(123_000, nodes.delivered());
      checkDocuments(nodes, StopReason.NOTHING_METERED);
      checkNoFault(nodes);
    }
  }

  private static DriverPolicy policy(Amount highestPrice, Limits limits, Satoshi capacity) {
    DriverPolicy usual = TwoNodes.DRIVER;
    return new DriverPolicy(
        highestPrice,
        usual.highestMinutePrice(),
        usual.lowestPrice(),
        usual.largestIncrement(),
        usual.directions(),
        limits,
        usual.tolerance(),
        Optional.of(new DriverPolicy.Funding(capacity, Amount.ZERO, new Feerate(1000))),
        usual.closeTimeout(),
        usual.pileTimeout());
  }

  @Test
  void aPriceTheDriverDoesNotPay() {
    DriverPolicy policy = policy(new Amount(99_999_999), Limits.NONE, new Satoshi(100_000));
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(policy)).start().open()) {
      nodes.run(Duration.ofMinutes(10));
      assertEquals(Optional.empty(), nodes.pile.state().session());
      assertFalse(nodes.pileLog.contains("engage"));
      assertEquals("{\"plugged\":true}", document(nodes, TwoNodes.TOPICS.session()).toString());
      assertTrue(nodes.stage() instanceof Stage.Normal, "the channel stays for the next time");
      assertEquals(0, nodes.commitments().local().number());
    }
  }

  @Test
  void allTheEnergyTheDriverWants() {
    Limits limits =
        new Limits(
            new MilliWattHours(150_500),
            Limits.NONE.money(),
            Limits.NONE.powerWatts(),
            Limits.NONE.duration());
    DriverPolicy policy = policy(TwoNodes.DRIVER.highestPrice(), limits, new Satoshi(100_000));
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(policy)).start().open()) {
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertEquals(150_000, nodes.delivered(), "one more pulse would be too much");
      checkDocuments(nodes, StopReason.ENERGY_LIMIT);
    }
  }

  @Test
  void allTheMoneyInTheChannel() {
    DriverPolicy policy = policy(TwoNodes.DRIVER.highestPrice(), Limits.NONE, new Satoshi(25_000));
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL.with(policy)).start().open()) {
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      assertFalse(nodes.hardware.conducting());
      nodes.mineUntilSettled();
      nodes.checkPaidInFull();
      assertTrue(nodes.delivered() > 150_000 && nodes.delivered() < 250_000);
      checkDocuments(nodes, StopReason.BALANCE_EXHAUSTED);
    }
  }

  @Test
  void aDriverWhoFallsSilent() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(205_000);
      nodes.driverBus.close();
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.mineUntilSettled();
      nodes.checkExposure();
      assertEquals(Outcome.UNILATERAL_CLOSE, ((Stage.Closed) nodes.stage()).outcome());
      assertEquals(200_000, nodes.paid().energy().value());
      assertTrue(nodes.delivered() - nodes.paid().energy().value() <= TwoNodes.CREDIT);
      checkSweep(nodes, nodes.paid().amount().value() / 1000);
      checkDocuments(nodes, StopReason.PEER_SILENT);
    }
  }

  /** The pile has what was signed, less the fee of the transaction that fetched it. */
  private static void checkSweep(TwoNodes nodes, long signed) {
    var home = nodes.chain.unspents(nodes.pileHome);
    assertEquals(1, home.size());
    var sweep = nodes.chain.transaction(home.getFirst().outPoint().txid).orElseThrow();
    assertEquals(
        signed - nodes.chain.fee(sweep).value(), nodes.chain.balance(nodes.pileHome).value());
  }

  @Test
  void aChainThatCannotBeReachedWhileItCloses() {
    try (TwoNodes nodes = new TwoNodes(TwoNodes.Terms.USUAL).start().open()) {
      nodes.chargeUntil(205_000);
      nodes.driverBus.close();
      nodes.pileChain.outOfReach = true;
      nodes.driverChain.outOfReach = true;
      nodes.runUntil("the end", nodes::isEnded, TwoNodes.LONG);
      nodes.chain.mine(1);
      nodes.run(Duration.ofMinutes(1));
      nodes.pileChain.outOfReach = false;
      nodes.driverChain.outOfReach = false;
      nodes.mineUntilSettled();
      assertEquals(Outcome.UNILATERAL_CLOSE, ((Stage.Closed) nodes.stage()).outcome());
      checkSweep(nodes, 20_000);
    }
  }
}
